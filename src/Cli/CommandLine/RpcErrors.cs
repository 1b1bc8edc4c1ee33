using Grpc.Core;
using LoptCluster.Hosting.Connections;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Messages for gRPC failures.</summary>
internal static class RpcErrors
{
    public static string Describe(RpcException error) =>
        ConnectionFaultException.Within(error.Status.DebugException)?.Message ?? OfStatus(error);

    private static string OfStatus(RpcException error) => error.StatusCode switch
    {
        StatusCode.Unavailable when error is UnreachableException { Address: var address } =>
            Sentence($"Cannot reach a coordinator at {address.Authority}: {Innermost(error)}"),
        StatusCode.Unavailable => Sentence($"Cannot reach the coordinator: {Innermost(error)}"),
        // Such as a ping that was not answered: the process is frozen, or the network cut.
        StatusCode.Internal when Causes(error).Any(e => e is IOException) =>
            Sentence($"The connection to the coordinator broke off: {Innermost(error)}"),
        StatusCode.Unauthenticated => "The coordinator requires a reader's or an operator's token, and was given none that it knows. "
            + "Pass --token-file, or set LOPT_READER_TOKEN.",
        StatusCode.PermissionDenied => Sentence($"The token does not permit this: {error.Status.Detail}"),
        StatusCode.DeadlineExceeded => "The coordinator did not answer in time. Is another program listening at that address?",
        StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.FailedPrecondition => Sentence(error.Status.Detail),
        StatusCode.Unimplemented => "The program at that address is not a LoptCluster coordinator.",
        _ => Sentence($"The coordinator answered {error.StatusCode}: {error.Status.Detail}"),
    };

    private static string Sentence(string text) => text is [.., '.' or '?' or '!' or ')'] ? text : text + ".";

    private static string Innermost(RpcException error) => Causes(error).LastOrDefault()?.Message ?? error.Status.Detail;

    private static IEnumerable<Exception> Causes(RpcException error)
    {
        for (var cause = error.Status.DebugException; cause is not null; cause = cause.InnerException) yield return cause;
    }
}
