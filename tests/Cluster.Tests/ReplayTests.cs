using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Replay;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>An asynchronous run that is killed again and again is replayed bit for bit from its ledger.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task Ledger_OfARunKilledAgainAndAgain_ReplaysEveryTheta()
    {
        using var fleet = new Fleet("outerUpdates=1000000", "ledger=full");
        var coordinator = await fleet.StartCoordinatorAsync();
        fleet.StartWorker();
        var worker = fleet.StartWorker(slots: 2);
        long version = 0;
        for (int kill = 0; kill < 4; kill++)
        {
            version = (await fleet.UpdateAsync(version + 25)).OuterUpdate;
            await coordinator.KillAsync();
            if (kill == 1)
            {
                await worker.KillAsync();
                worker = fleet.StartWorker(slots: 2);
            }

            coordinator = await fleet.StartCoordinatorAsync();
        }

        // Also while it trains on.
        await fleet.UpdateAsync(version + 10);
        using var run = ReplayableRun.Open(fleet.RunDirectory);
        var options = new ReplayOptions
        {
            Specification = run.Specification,
            CreateSlot = () => throw new InvalidOperationException("Something was unrolled again."),
        };
        var updates = run.Replay(options, default).ToList();

        Assert.InRange(updates.Count, version + 10, int.MaxValue);
        Assert.Equal(run.OuterUpdates, updates[^1].OuterUpdate);
        Assert.All(updates, u => Assert.True(u.Original is not null && u.IsSame, $"update {u.OuterUpdate}"));
        Assert.Equal(0, await coordinator.TerminateAsync());
    }
}
