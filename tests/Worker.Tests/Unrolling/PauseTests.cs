using LoptCluster.ClusterTestKit;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class PauseTests
{
    [Fact]
    public async Task Pause_StartsNothingUntilItEnds()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        connection.Assign(0);
        await connection.AcceptAsync();
        connection.Pause(true);
        // A sample that nobody acknowledges would count against those that may be under way.
        foreach (var before in await connection.BarrierAsync()) connection.Acknowledge(before);
        Assert.Empty(await connection.BarrierAsync());
        connection.Pause(false);
        await connection.AcceptAsync();
    }
}
