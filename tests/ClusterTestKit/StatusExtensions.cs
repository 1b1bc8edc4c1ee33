using Grpc.Core;
using LoptCluster.Protocol.V1;

namespace LoptCluster.ClusterTestKit;

/// <summary>Waiting for a run's status.</summary>
public static class StatusExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Waits for a status that satisfies <paramref name="condition"/>.</summary>
    /// <param name="operations">Client of the run's coordinator.</param>
    /// <param name="condition">Condition on one status.</param>
    /// <param name="details">Text for the error message, such as the output of the processes.</param>
    public static async Task<Protocol.V1.Status> StatusAsync(
        this Operations.OperationsClient operations, Func<Protocol.V1.Status, bool> condition, Func<string>? details = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        Protocol.V1.Status? last = null;
        try
        {
            using var call = operations.WatchStatus(new WatchStatusRequest { IntervalMilliseconds = 50 }, cancellationToken: limit.Token);
            await foreach (var status in call.ResponseStream.ReadAllAsync(limit.Token))
            {
                last = status;
                if (condition(status)) return status;
            }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            throw new TimeoutException($"No status satisfied the condition within {Patience}. Last: {last}\n{details?.Invoke()}", e);
        }

        throw new InvalidOperationException($"The statuses ended before one satisfied the condition. Last: {last}\n{details?.Invoke()}");
    }
}
