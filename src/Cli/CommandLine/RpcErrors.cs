using Grpc.Core;

namespace LoptCluster.Cli.CommandLine;

/// <summary>gRPC failures in words.</summary>
internal static class RpcErrors
{
    public static string Describe(RpcException error) => error.StatusCode switch
    {
        StatusCode.Unavailable => $"the coordinator cannot be reached: {Innermost(error)}",
        StatusCode.Unauthenticated => "the coordinator wants a token: give it with --token-file or LOPT_READER_TOKEN",
        StatusCode.PermissionDenied => $"the token does not allow this: {error.Status.Detail}",
        StatusCode.DeadlineExceeded => "the coordinator did not answer in time; is something else listening at that address?",
        StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.FailedPrecondition => error.Status.Detail,
        StatusCode.Unimplemented => "whatever answers at that address is not a LoptCluster coordinator",
        _ => $"the coordinator answered {error.StatusCode}: {error.Status.Detail}",
    };

    private static string Innermost(RpcException error)
    {
        var inner = error.Status.DebugException;
        while (inner?.InnerException is { } next) inner = next;
        return inner?.Message ?? error.Status.Detail;
    }
}
