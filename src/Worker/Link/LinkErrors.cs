using Grpc.Core;
using LoptCluster.Shared;

namespace LoptCluster.Worker.Link;

/// <summary>Which failures end a worker, and all of them in words.</summary>
internal static class LinkErrors
{
    public static bool IsFatal(RpcException e) => e.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented or StatusCode.InvalidArgument;

    public static UserErrorException Fatal(RpcException e, string coordinator) => new(
        e.StatusCode switch
        {
            StatusCode.Unauthenticated => $"{coordinator} wants a token that it knows, and this worker's is missing or another (after a change: restart the coordinator): set LOPT_WORKER_TOKEN or LOPT_WORKER_TOKEN_FILE.",
            StatusCode.PermissionDenied => $"{coordinator} does not take this token for a worker's: set LOPT_WORKER_TOKEN or LOPT_WORKER_TOKEN_FILE to the worker role's.",
            StatusCode.Unimplemented => $"{coordinator} is no coordinator of lopt, or of another release.",
            _ => $"{coordinator} refused this worker: {e.Status.Detail}",
        },
        e);

    public static string InWords(Exception e) => e switch
    {
        RpcException { StatusCode: StatusCode.Unavailable } => "it does not answer",
        RpcException { Status.DebugException: IOException or HttpRequestException } => "the connection was cut",
        RpcException rpc => $"{rpc.StatusCode}: {rpc.Status.Detail}",
        TimeoutException => "no welcome in time",
        _ => e.Message,
    };
}
