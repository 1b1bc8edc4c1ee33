using LoptCluster.Cli.Fleet;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

public sealed class StatusFollowerTests
{
    [Fact]
    public async Task Follow_Persistent_GoesOnAfterTheCoordinatorWasAway()
    {
        var script = new CoordinatorScript();
        script.Streams.Enqueue([new Status { OuterUpdate = 1 }]);
        script.Streams.Enqueue([new Status { OuterUpdate = 2 }, new Status { OuterUpdate = 3, State = RunState.Finished }]);
        await using var coordinator = await ScriptedCoordinator.StartAsync(script);
        using var channel = CoordinatorChannel.Open(coordinator.Authority);

        var updates = new List<long>();
        await foreach (var view in StatusFollower.FollowAsync(channel.Operations, TimeSpan.FromSeconds(1), persistent: true,
            TimeProvider.System, CancellationToken.None))
        {
            updates.Add(view.OuterUpdate);
        }

        Assert.Equal([1, 2, 3], updates);
    }

    [Fact]
    public async Task Follow_Cancelled_Throws()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(new CoordinatorScript());
        using var channel = CoordinatorChannel.Open(coordinator.Authority);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in StatusFollower.FollowAsync(channel.Operations, TimeSpan.FromSeconds(1), persistent: true,
                TimeProvider.System, cancelled.Token))
            {
            }
        });
    }
}
