using Grpc.Core;
using LoptCluster.Hosting.Connections;
using LoptCluster.Shared;

namespace LoptCluster.Worker.Link;

/// <summary>Failures of the connection: which of them a retry cannot fix, and their messages.</summary>
internal static class LinkErrors
{
    public static bool IsFatal(RpcException e) => e.StatusCode
        is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented or StatusCode.InvalidArgument;

    public static UserErrorException Fatal(RpcException e, string coordinator) => new(
        e.StatusCode switch
        {
            StatusCode.Unauthenticated => $"{coordinator} rejected this worker's token (missing or wrong). "
                + "Set LOPT_WORKER_TOKEN or LOPT_WORKER_TOKEN_FILE to a token that the coordinator has.",
            StatusCode.PermissionDenied => $"{coordinator} does not accept this token for the worker role. "
                + "Set LOPT_WORKER_TOKEN or LOPT_WORKER_TOKEN_FILE to the worker's token.",
            StatusCode.Unimplemented => $"{coordinator} is not a lopt coordinator, or runs a different release.",
            _ => $"{coordinator} refused this worker: {e.Status.Detail}",
        },
        e);

    /// <summary>Short reason of a failure that is retried, for the log.</summary>
    public static string Describe(Exception e) => e switch
    {
        RpcException rpc when ConnectionFaultException.Within(rpc.Status.DebugException) is { } fault => fault.Message.TrimEnd('.'),
        RpcException { StatusCode: StatusCode.Unavailable } => "no answer",
        RpcException { Status.DebugException: IOException or HttpRequestException } => "the connection was cut",
        RpcException rpc => $"{rpc.StatusCode}: {rpc.Status.Detail}",
        TimeoutException => "no welcome in time",
        _ => e.Message,
    };
}
