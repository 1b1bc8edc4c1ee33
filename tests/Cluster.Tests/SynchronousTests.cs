using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>Synchronous mode: θ after N updates depends on the specification and the seed alone.</summary>
public sealed class SynchronousTests
{
    private const int Updates = 60;

    private const string Mixture =
        "tasks=[{ name = \"mlp\", hiddenUnits = { length = { from = 1, to = 2 }, each = { from = 4, to = 16, step = 4 } }, "
        + "trainImagesPerClass = { from = 10, to = 100, scale = \"log\" }, minibatchSize = [4, 8], innerSteps = { from = 30, to = 80 } }, "
        + "{ name = \"conv\", innerProblem = \"convnet\", convChannels = 4, convStrides = [2], imageChannels = 3, innerSteps = 20 }]";

    private const int BatchSamples = 4;
    private static readonly string[] Specification = ["mode=synchronous", $"outerUpdates={Updates}", "evaluateEveryUpdates=30",
        "evaluationTasks=2"];

    /// <summary>θ of one worker with one slot: what all the others must find.</summary>
    private static readonly Lazy<Task<byte[]>> Reference = new(() => TrainAsync(workers: 1, slots: 1));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task Theta_OtherWorkersAndSlots_IsTheSameBitForBit(int workers, int slots) =>
        Assert.Equal(await Reference.Value, await TrainAsync(workers, slots));

    [Fact]
    public async Task Theta_OtherSeed_IsAnother()
    {
        byte[] other = await TrainAsync(1, 1, "seed=2");
        Assert.NotEqual(await Reference.Value, other);
    }

    [Fact]
    public async Task Theta_StoppedAndResumedHalfway_IsTheSameBitForBit()
    {
        using var fleet = new Fleet(Specification);
        var coordinator = await fleet.StartCoordinatorAsync();
        fleet.StartWorker(slots: 2);
        await fleet.UpdateAsync(Updates / 3);
        Assert.Equal(0, await coordinator.TerminateAsync());
        Assert.InRange(new RunFile(fleet.RunDirectory).Updates, Updates / 3, Updates - 1);

        await fleet.StartCoordinatorAsync();
        fleet.StartWorker();
        await AssertFinishesAtAsync(await Reference.Value, fleet);
    }

    /// <summary>
    /// Something is killed or sent away, and another takes its place: all ways to reach a lost state (kept, handed back, replayed) occur.
    /// </summary>
    [Theory]
    [InlineData("worker, coordinator, both")]
    [InlineData("terminate, coordinator, worker")]
    [InlineData("terminate, coordinator, worker", "estimator=merged-nres", "outerOptimizer=momentum")]
    [InlineData("terminate, worker, both", Mixture)]
    public async Task Theta_KilledAgainAndAgain_IsTheSameBitForBit(string faults, params string[] more)
    {
        using var fleet = new Fleet([.. Specification, .. more]);
        var coordinator = await fleet.StartCoordinatorAsync();
        LoptProcess first = fleet.StartWorker(), second = fleet.StartWorker(slots: 2);
        long version = 0;
        foreach (string fault in faults.Split(", "))
        {
            version = (await fleet.UpdateAsync(version + 10)).OuterUpdate;
            if (fault is "coordinator" or "both") await coordinator.KillAsync();
            if (fault is "worker" or "both") await first.KillAsync();
            if (fault is "terminate") Assert.Equal(0, await first.TerminateAsync());
            if (fault is "coordinator" or "both") coordinator = await fleet.StartCoordinatorAsync();
            if (fault is not "coordinator") (first, second) = (second, fleet.StartWorker());
        }

        await AssertFinishesAtAsync(more.Length == 0 ? await Reference.Value : await TrainAsync(workers: 1, slots: 1, more), fleet);
    }

    /// <summary>The average is watched: θ is the same with it, and it is the same over kills.</summary>
    [Fact]
    public async Task Average_KilledAndResumed_IsTheSameBitForBitAndLeavesTheta()
    {
        using var alone = new Fleet([.. Specification, "thetaAverageDecay=0.9"]);
        await alone.StartCoordinatorAsync();
        alone.StartWorker();
        using var killed = new Fleet([.. Specification, "thetaAverageDecay=0.9"]);
        var coordinator = await killed.StartCoordinatorAsync();
        killed.StartWorker(slots: 2);
        await killed.UpdateAsync(Updates / 3);
        await coordinator.KillAsync();
        await killed.StartCoordinatorAsync();
        await AssertFinishesAtAsync(await Reference.Value, killed);
        var status = await alone.StatusAsync(s => s.State == RunState.Finished);

        var request = new GetThetaRequest { Average = true };
        var (expected, found) = (await alone.Theta.GetThetaAsync(request), await killed.Theta.GetThetaAsync(request));
        Assert.Equal((0.9, Updates), (expected.AverageDecay, expected.Theta.Version));
        Assert.Equal(expected.Theta, found.Theta);
        Assert.NotEqual(expected.Theta, (await alone.Theta.GetThetaAsync(new GetThetaRequest { Latest = true })).Theta);
        Assert.InRange(status.AverageOuterTrain, 0.01, 10);
        // Version 0 is its own average; then one evaluation of each split at every 30 updates.
        Assert.Equal(4, new RunFile(alone.RunDirectory).Scalar("SELECT count(*) FROM evaluations WHERE average"));
    }

    private static async Task<byte[]> TrainAsync(int workers, int slots, params string[] more)
    {
        using var fleet = new Fleet([.. Specification, .. more]);
        await fleet.StartCoordinatorAsync();
        for (int i = 0; i < workers; i++) fleet.StartWorker(slots);
        await fleet.StatusAsync(s => s.State == RunState.Finished);
        return new RunFile(fleet.RunDirectory).LastTheta();
    }

    private static async Task AssertFinishesAtAsync(byte[] theta, Fleet fleet)
    {
        await fleet.StatusAsync(s => s.State == RunState.Finished);
        var file = new RunFile(fleet.RunDirectory);
        file.AssertConsistent(BatchSamples);
        Assert.Equal(theta, file.LastTheta());
    }
}
