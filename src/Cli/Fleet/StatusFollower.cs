using System.Runtime.CompilerServices;
using Grpc.Core;
using LoptCluster.Cli.Screen;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Fleet;

/// <summary>Stream of a run's statuses until the run ends.</summary>
internal static class StatusFollower
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(0.5);

    /// <param name="persistent">Waits for a coordinator that has gone away; otherwise its absence ends the stream with the error.</param>
    public static async IAsyncEnumerable<ScreenRun> FollowAsync(
        Operations.OperationsClient operations,
        TimeSpan interval,
        bool persistent,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new WatchStatusRequest { IntervalMilliseconds = (int)interval.TotalMilliseconds };
        while (true)
        {
            using var call = operations.WatchStatus(request, cancellationToken: cancellation);
            while (await NextAsync(call, persistent, cancellation) is { } view)
            {
                yield return view;
                if (view.Finished) yield break;
            }

            if (!persistent) yield break;
            await Task.Delay(RetryDelay, time, cancellation);
        }
    }

    /// <summary>The next status; null if the stream has ended or broken.</summary>
    private static async Task<ScreenRun?> NextAsync(
        AsyncServerStreamingCall<Protocol.V1.Status> call, bool persistent, CancellationToken cancellation)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancellation) ? ScreenRun.From(call.ResponseStream.Current) : null;
        }
        catch (RpcException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (RpcException) when (persistent)
        {
            return null;
        }
    }
}
