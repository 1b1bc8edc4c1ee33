using Grpc.Core;
using Grpc.Core.Interceptors;
using LoptCluster.Cli.CommandLine;

namespace LoptCluster.Cli.Fleet;

/// <summary>Adds the address to the error of a call that reached no coordinator: who did not name one does not know it.</summary>
internal sealed class AddressInterceptor(Uri address) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            WithAddressAsync(call.ResponseAsync, address), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(
            new Reader<TResponse>(call.ResponseStream, address), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private static async Task<T> WithAddressAsync<T>(Task<T> call, Uri address)
    {
        try
        {
            return await call;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            throw new UnreachableException(e, address);
        }
    }

    private sealed class Reader<T>(IAsyncStreamReader<T> reader, Uri address) : IAsyncStreamReader<T>
    {
        public T Current => reader.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => WithAddressAsync(reader.MoveNext(cancellationToken), address);
    }
}
