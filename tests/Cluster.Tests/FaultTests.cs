using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>Faults of real processes: what was acknowledged stays, what was lost is computed again, nothing is counted twice.</summary>
public sealed class FaultTests
{
    private const int BatchSamples = 4;
    private const string Endless = "outerUpdates=1000000";

    /// <summary>Problems of hundreds of truncations: hardly one is in its first, where there is no state to hand back.</summary>
    private const string LongProblems = "innerSteps=6000";

    [Fact]
    public async Task Worker_KilledInTraining_TrainingGoesOnAndNothingIsCountedTwice()
    {
        using var fleet = new Fleet(Endless);
        var coordinator = await fleet.StartCoordinatorAsync();
        var lost = fleet.StartWorker();
        fleet.StartWorker();
        var before = await fleet.StatusAsync(s => s.Workers.Count == 2 && s.Workers.All(w => w.Samples > 20));

        await lost.KillAsync();

        await fleet.StatusAsync(s => s.Workers.Count == 1);
        // Long enough that the grace ends, and the survivor has taken the lost problems up and finished them.
        await fleet.StatusAsync(s => s.OuterUpdate > before.OuterUpdate + 100 && s.Workers.Single().Problems == BatchSamples);
        Assert.Equal(0, await coordinator.TerminateAsync());
        var file = new RunFile(fleet.RunDirectory);
        file.AssertConsistent(BatchSamples);
        long newest = file.Scalar("SELECT max(id) FROM problems");
        Assert.Equal(0, file.Scalar($"SELECT count(*) FROM problems WHERE finished = 0 AND id < {newest - (4 * BatchSamples)}"));
    }

    [Fact]
    public async Task Coordinator_KilledInTraining_GoesOnFromTheLastUpdateAndWorkersComeBack()
    {
        // Longer than workers take to come back, so that nobody else gets their problems meanwhile.
        using var fleet = new Fleet(Endless) { LostWorkerGrace = TimeSpan.FromSeconds(30) };
        var coordinator = await fleet.StartCoordinatorAsync();
        var worker = fleet.StartWorker();
        fleet.StartWorker();
        await fleet.StatusAsync(s => s.Workers.Count == 2 && s.OuterUpdate >= 60);
        var seen = (await fleet.Theta.GetThetaAsync(new GetThetaRequest { Latest = true })).Theta;

        await coordinator.KillAsync();
        var again = await fleet.StartCoordinatorAsync();

        // What was visible is durable, bit for bit.
        var kept = (await fleet.Theta.GetThetaAsync(new GetThetaRequest { Version = seen.Version })).Theta;
        Assert.Equal(seen.Values, kept.Values);
        var status = await fleet.StatusAsync(s => s.Workers.Count == 2 && s.OuterUpdate >= seen.Version + 60);
        Assert.Empty(status.SamplesRejected);
        Assert.Contains("The connection broke", worker.Output);
        Assert.Equal(0, await again.TerminateAsync());
        new RunFile(fleet.RunDirectory).AssertConsistent(BatchSamples);
    }

    [Fact]
    public async Task Coordinator_StoppedAndStartedAgain_FindsItsWorkersAgain()
    {
        using var fleet = new Fleet(Endless, LongProblems);
        var coordinator = await fleet.StartCoordinatorAsync();
        var worker = fleet.StartWorker();
        fleet.StartWorker();
        await fleet.StatusAsync(s => s.Workers.Count == 2 && s.OuterUpdate >= 20);

        Assert.Equal(0, await coordinator.TerminateAsync());
        var file = new RunFile(fleet.RunDirectory);
        Assert.InRange(file.Scalar("SELECT count(*) FROM problems WHERE finished = 0 AND state IS NOT NULL"), 1, BatchSamples);
        long updates = file.Updates;
        var again = await fleet.StartCoordinatorAsync();

        var status = await fleet.StatusAsync(s => s.Workers.Count == 2 && s.OuterUpdate >= updates + 20);
        Assert.Empty(status.SamplesRejected);
        Assert.Contains("unfinished problems handed back", worker.Output);
        Assert.Equal(0, await worker.TerminateAsync());
        Assert.Equal(0, await again.TerminateAsync());
        file.AssertConsistent(BatchSamples);
    }

    [Fact]
    public async Task Worker_Terminated_HandsBackItsProblemsAndAnotherGoesOn()
    {
        using var fleet = new Fleet(Endless, LongProblems);
        var coordinator = await fleet.StartCoordinatorAsync();
        var leaving = fleet.StartWorker(slots: 2);
        await fleet.UpdateAsync(20);

        Assert.Equal(0, await leaving.TerminateAsync());

        Assert.Contains("unfinished problems handed back", leaving.Output);
        await fleet.StatusAsync(s => s.Workers.Count == 0 && s.State == RunState.WaitingForWorkers);
        var file = new RunFile(fleet.RunDirectory);
        Assert.InRange(file.Scalar("SELECT count(*) FROM problems WHERE finished = 0 AND state IS NOT NULL"), 1, BatchSamples);
        long updates = file.Updates;
        fleet.StartWorker();
        await fleet.UpdateAsync(updates + 50);
        Assert.Equal(0, await coordinator.TerminateAsync());
        file.AssertConsistent(BatchSamples);
    }
}
