using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Shared;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator;

/// <summary>The one place where our exceptions become status codes.</summary>
internal sealed class ErrorInterceptor(ILogger<ErrorInterceptor> log) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (Map(e, context) is { } mapped)
        {
            throw mapped;
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest,
        TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (Map(e, context) is { } mapped)
        {
            throw mapped;
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception e) when (Map(e, context) is { } mapped)
        {
            throw mapped;
        }
    }

    private RpcException? Map(Exception e, ServerCallContext context) => e switch
    {
        UserErrorException => new RpcException(new Status(StatusCode.InvalidArgument, e.Message)),
        ThetaNotFoundException => new RpcException(new Status(StatusCode.NotFound, e.Message)),
        OperationCanceledException when context.CancellationToken.IsCancellationRequested =>
            new RpcException(new Status(StatusCode.Cancelled, "The caller cancelled.")),
        OperationCanceledException =>
            new RpcException(new Status(StatusCode.Unavailable, "The coordinator ended this call: it is stopping, or the connection was "
                + "silent or replaced.")),
        System.Threading.Channels.ChannelClosedException =>
            new RpcException(new Status(StatusCode.Unavailable, "The coordinator is stopping.")),
        _ when RunFileFault.Find(e) is { Passes: true } fault =>
            new RpcException(new Status(StatusCode.Unavailable, $"The run's file {fault.What}.")),
        InvalidProtocolBufferException unreadable => UnreadableMessage.Status(unreadable),
        RpcException => null,
        _ => Unexpected(e, context),
    };

    private RpcException Unexpected(Exception e, ServerCallContext context)
    {
        CoordinatorLog.CallFailed(log, context.Method, e);
        return new RpcException(new Status(StatusCode.Internal, "The coordinator failed at this call; its log says why."));
    }
}
