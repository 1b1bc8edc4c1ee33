using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cluster.Tests.Telemetry;

/// <summary>Whoever reads the log of a coordinator may stand still: the coordinator does not.</summary>
public sealed class StoppedLogReaderTests
{
    /// <summary>More lines than a pipe and the coordinator's memory for them hold; a worker that joins and breaks off makes two.</summary>
    private const int Workers = 12_000;

    [Fact]
    public async Task Coordinator_GoesOnAndEndsOnSigterm()
    {
        using var reads = new ManualResetEventSlim(initialState: true);
        using var fleet = new Fleet("outerUpdates=100000")
        {
            Program = (arguments, environment) => LoptProcess.Start(arguments, environment, _ =>
            {
                reads.Wait();
                return false;
            }),
        };
        var coordinator = await fleet.StartCoordinatorAsync();
        reads.Reset();
        try
        {
            for (int i = 0; i < Workers; i++)
                await (await ScriptedWorker.JoinAsync(fleet.Channel, h => h.WorkerId = $"worker-{i}")).DisposeAsync();

            Assert.Equal(RunState.WaitingForWorkers, (await fleet.Operations.GetStatusAsync(new GetStatusRequest())).State);
            var exit = coordinator.TerminateAsync();
            using var limit = new CancellationTokenSource(ScriptedWorker.Patience);
            while (Directory.Exists($"/proc/{coordinator.Id}")) await Task.Delay(100, limit.Token);
            reads.Set();
            Assert.Equal(0, await exit);
        }
        finally
        {
            reads.Set();
        }
    }
}
