using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>A share of the samples computes g_rp, and a long one at that: the coordinator finds that it does not pay.</summary>
public sealed class RpShareTests
{
    private const int Updates = 60;
    private const int BatchSamples = 24;
    private const int LeastRpSamples = 16;

    /// <summary>Steps so large that g_rp explodes as truncations grow.</summary>
    private static readonly string[] Exploding =
    [
        "rpShare=adaptive", "stepScale=1", $"batchSamples={BatchSamples}", "truncationLast=60", "truncationRampUpdates=40",
        $"outerUpdates={Updates}", "evaluateEveryUpdates=0",
    ];

    [Fact]
    public async Task Synchronous_WorkersKilledAndTheRunResumed_SameThetaAndSharesBitForBit()
    {
        using var alone = new Fleet([.. Exploding, "mode=synchronous"]);
        await alone.StartCoordinatorAsync();
        alone.StartWorker();
        using var disturbed = new Fleet([.. Exploding, "mode=synchronous"]);
        var coordinator = await disturbed.StartCoordinatorAsync();
        var worker = disturbed.StartWorker(slots: 2);
        await disturbed.UpdateAsync(Updates / 2);
        await worker.KillAsync();
        await coordinator.KillAsync();
        await disturbed.StartCoordinatorAsync();
        disturbed.StartWorker();
        disturbed.StartWorker();
        await disturbed.StatusAsync(s => s.State == RunState.Finished);
        await alone.StatusAsync(s => s.State == RunState.Finished);

        RunFile expected = new(alone.RunDirectory), found = new(disturbed.RunDirectory);
        found.AssertConsistent(BatchSamples);
        Assert.Equal(expected.Theta(Updates), found.Theta(Updates));
        Assert.Equal(expected.RpShares, found.RpShares);
        Assert.Contains(found.RpShares, share => share < 1);
        // Each update at a share has exactly so many lanes with g_rp.
        Assert.Equal(
            found.RpShares.Take(Updates).Select(share => (long)Math.Max(LeastRpSamples, Math.Round(share * BatchSamples))),
            Enumerable.Range(1, Updates).Select(u => found.Scalar(
                $"SELECT count(*) FROM samples JOIN gradients USING (sequence) WHERE merged_update = {u}")));
    }

    [Fact]
    public async Task Asynchronous_EveryBatchHasEnoughOfBothAndTheStatusSaysIt()
    {
        using var fleet = new Fleet(Exploding);
        await fleet.StartCoordinatorAsync();
        fleet.StartWorker(slots: 2);
        fleet.StartWorker();
        var status = await fleet.StatusAsync(s => s.State == RunState.Finished);

        var file = new RunFile(fleet.RunDirectory);
        Assert.Equal(Updates, file.Updates);
        Assert.Contains(file.RpShares, share => share < 1);
        const string Batches = "SELECT merged_update AS u, count(*) AS samples, count(estimator) AS computed "
            + "FROM samples LEFT JOIN gradients USING (sequence) WHERE merged_update IS NOT NULL GROUP BY merged_update";
        Assert.Equal(Updates, file.Scalar($"SELECT count(*) FROM ({Batches})"));
        Assert.Equal(0, file.Scalar($"SELECT count(*) FROM ({Batches}) WHERE samples < {BatchSamples} OR computed < {LeastRpSamples}"));
        Assert.Equal(Updates, file.Scalar(
            $"SELECT count(*) FROM ({Batches}) JOIN figures ON outer_update = u AND figure = 'rp_share' "
                + "WHERE abs(value - 1.0 * computed / samples) < 1e-12"));
        Assert.Equal(
            0,
            file.Scalar(
                "SELECT count(*) FROM samples s JOIN theta t ON t.version = s.theta_version WHERE t.rp_share = 1 AND NOT EXISTS (SELECT 1 "
                    + "FROM gradients g WHERE g.sequence = s.sequence)"));
        // Samples may come after the last update, and after this status.
        Assert.InRange(
            status.SamplesRpComputed, file.Scalar($"SELECT sum(computed) FROM ({Batches})"), file.Scalar("SELECT count(*) FROM gradients"));
        Assert.InRange(status.SamplesRpComputed, 1, status.SamplesAccepted - 1);
        Assert.InRange(status.SampleSecondsRp, double.Epsilon, status.SampleSeconds);
    }
}
