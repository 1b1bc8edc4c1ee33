using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>A run is prolonged after its end, in synchronous mode: θ depends on the plans, not on what happened in between.</summary>
public sealed class ProlongedTests
{
    private const int Planned = 30, Prolonged = 60, BatchSamples = 4;

    /// <summary>The ramp of k is not at its end when the run is, and the learning rate falls.</summary>
    private static readonly string[] Specification =
        ["mode=synchronous", $"outerUpdates={Planned}", "truncationRampUpdates=40", "evaluateEveryUpdates=0"];

    [Fact]
    public async Task Theta_ProlongedAndKilledAgainAndAgain_IsTheSameBitForBit()
    {
        using var calm = new Fleet(Specification);
        await FinishedAsync(calm);
        await calm.StartCoordinatorAsync("--updates", $"{Prolonged}");
        calm.StartWorker();
        using var disturbed = new Fleet(Specification);
        await FinishedAsync(disturbed);
        var coordinator = await disturbed.StartCoordinatorAsync("--updates", $"{Prolonged}");
        var worker = disturbed.StartWorker(slots: 2);
        await disturbed.UpdateAsync(Planned + 8);
        await coordinator.KillAsync();
        // As a supervisor starts it again, with the same arguments; later as a plain resume.
        coordinator = await disturbed.StartCoordinatorAsync("--updates", $"{Prolonged}");
        await disturbed.UpdateAsync(Planned + 16);
        await worker.KillAsync();
        await coordinator.KillAsync();
        await disturbed.StartCoordinatorAsync();
        disturbed.StartWorker();
        await disturbed.StatusAsync(s => s.State == RunState.Finished);
        var status = await calm.StatusAsync(s => s.State == RunState.Finished);

        Assert.Equal((Prolonged, Prolonged), (status.OuterUpdate, status.OuterUpdatesTotal));
        RunFile expected = new(calm.RunDirectory), found = new(disturbed.RunDirectory);
        found.AssertConsistent(BatchSamples);
        Assert.All(Enumerable.Range(0, Prolonged + 1), version => Assert.Equal(expected.Theta(version), found.Theta(version)));
        Assert.Equal(1, found.Scalar("SELECT count(*) FROM plans"));
        // k goes on from where the ramp to 20 stood at update 30 of 40, and reaches 20 at update 80.
        Assert.Equal(165, found.Scalar("SELECT round(10 * truncation_first) FROM plans"));
        Assert.Equal(186, found.Scalar("SELECT round(10 * truncation_steps) FROM theta WHERE version = 60"));
        var lineage = (await disturbed.Theta.GetThetaAsync(new GetThetaRequest { Latest = true })).Lineage;
        Assert.Equal((Planned, Prolonged), (lineage.Prolongations[0].FromVersion, lineage.Prolongations[0].OuterUpdates));
    }

    /// <summary>A worker that stays over the restart keeps its problems, and learns the new lengths with θ.</summary>
    [Fact]
    public async Task Workers_ThatStay_TrainOnAtTheNewPlan()
    {
        using var fleet = new Fleet("mode=synchronous", "outerUpdates=100000", "evaluateEveryUpdates=0");
        var coordinator = await fleet.StartCoordinatorAsync();
        fleet.StartWorker(slots: 2);
        await fleet.UpdateAsync(10);
        await coordinator.KillAsync();
        long done = new RunFile(fleet.RunDirectory).Updates;
        await fleet.StartCoordinatorAsync("--updates", $"{done + 20}");
        var status = await fleet.StatusAsync(s => s.State == RunState.Finished);

        Assert.Equal(done + 20, status.OuterUpdate);
        new RunFile(fleet.RunDirectory).AssertConsistent(BatchSamples);
    }

    [Fact]
    public async Task Updates_NotMoreThanDone_AreRefused()
    {
        using var fleet = new Fleet(Specification);
        await FinishedAsync(fleet);

        var refused = fleet.Start(null, "coordinator", "--run", fleet.RunDirectory, "--listen", "127.0.0.1:0", "--updates", "12");

        Assert.Equal(2, await refused.ExitAsync());
        Assert.Contains(
            $"--updates '12' must be greater than {Planned}, the outer-updates that the run in '{fleet.RunDirectory}' has done.",
            refused.Output, StringComparison.Ordinal);
        Assert.Equal(0, new RunFile(fleet.RunDirectory).Scalar("SELECT count(*) FROM plans"));
    }

    private static async Task FinishedAsync(Fleet fleet)
    {
        var coordinator = await fleet.StartCoordinatorAsync();
        fleet.StartWorker();
        await fleet.StatusAsync(s => s.State == RunState.Finished);
        Assert.Equal(0, await coordinator.TerminateAsync());
    }
}
