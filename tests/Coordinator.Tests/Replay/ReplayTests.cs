using LoptCluster.Coordinator.Replay;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Replay;

public sealed class ReplayTests
{
    private static readonly RunSpecification Full = SmallRun.Specification with { Ledger = SampleLedger.Full };

    [Theory]
    [InlineData("")]
    [InlineData("staleness=weight")]
    [InlineData("outerOptimizer=momentum thetaAverageDecay=0.9")]
    [InlineData("outerOptimizer=sgd outerLearningRateFinalShare=0.1")]
    [InlineData("mode=synchronous")]
    [InlineData("estimator=merged-pes")]
    public void Run_WithFullLedger_HasEveryBitWithoutUnrolling(string values)
    {
        using var trained = new TrainedRun(SpecificationKeys.Set(Full, values.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        using var run = trained.Open();

        var updates = run.Replay(trained.FromLedger(), default).ToList();

        Assert.Equal(Enumerable.Range(1, TrainedRun.Updates), updates.Select(u => (int)u.OuterUpdate));
        Assert.All(updates, u => Assert.True(u.Original is not null && u.IsSame, $"update {u.OuterUpdate}"));
        Assert.All(updates, u => Assert.Equal(u.Recorded![UpdateFigureTable.OuterLoss], u.Figures[UpdateFigureTable.OuterLoss]));
        Assert.True(run.HasSameOptimizer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mode=synchronous estimator=merged-nres")]
    public void Run_WithoutGradients_IsUnrolledAgainWithEveryBit(string values)
    {
        using var trained = new TrainedRun(
            SpecificationKeys.Set(SmallRun.Specification, values.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        using var run = trained.Open();

        var updates = run.Replay(trained.Options(), default).ToList();

        Assert.False(File.Exists(trained.PathOf(GradientLedger.FileName)));
        Assert.All(updates, u => Assert.Equal((true, SmallRun.Batch, null), (u.IsSame, u.Recomputed, u.Difference)));
        Assert.Equal(TrainedRun.Updates, updates.Count);
    }

    /// <summary>The recorded place decides, not the order of arrival: in another order sums have other last bits.</summary>
    [Fact]
    public void Run_PlacesExchanged_HasOtherMoments()
    {
        using var trained = new TrainedRun(Full);
        trained.Execute("run.db", $"UPDATE samples SET place = {SmallRun.Batch - 1} - place");
        using var run = trained.Open();

        Assert.Equal(TrainedRun.Updates, run.Replay(trained.FromLedger(), default).Count());

        Assert.False(run.HasSameOptimizer);
    }

    [Fact]
    public void Theta_OneBitChanged_IsFoundAtItsUpdate()
    {
        using var trained = new TrainedRun(Full);
        float[] theta = Replayed(trained)[5 - 1].Theta.Values.ToArray();
        theta[7] = float.BitIncrement(theta[7]);
        trained.Execute("run.db", "UPDATE theta SET \"values\" = $values WHERE version = 5", ("$values", FloatBytes.ToArray(theta)));

        var updates = Replayed(trained);

        Assert.Equal([5L], updates.Where(u => !u.IsSame).Select(u => u.OuterUpdate));
    }

    [Fact]
    public void Optimizer_Changed_IsFound()
    {
        using var trained = new TrainedRun(Full);
        trained.Execute("run.db", "UPDATE outer_optimizer_vectors SET \"values\" = zeroblob(length(\"values\")) WHERE place = 1");
        using var run = trained.Open();
        Assert.All(run.Replay(trained.FromLedger(), default), u => Assert.True(u.IsSame));

        Assert.False(run.HasSameOptimizer);
    }

    [Fact]
    public void Sample_OtherLossThanUnrolledAgain_IsNamed()
    {
        using var trained = new TrainedRun(Full);
        var sample = trained.Batches[2][1];
        trained.Execute(
            "run.db",
            "UPDATE samples SET losses = (SELECT losses FROM samples WHERE sequence = 1) WHERE problem_id = $p AND truncation = $t",
            ("$p", sample.Identity.ProblemId), ("$t", sample.Identity.Truncation));
        using var run = trained.Open();

        var found = run.Replay(trained.Options() with { RecomputesAll = true }, default).First(u => u.Difference is not null);

        Assert.Equal(3, found.OuterUpdate);
        var (problem, truncation) = sample.Identity;
        Assert.StartsWith($"sample {problem}/{truncation}: losses ", found.Difference, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_Missing_AreNamedByTheirUpdate()
    {
        using var trained = new TrainedRun(Full);
        trained.Execute("run.db", "DELETE FROM samples WHERE merged_update = 4");
        using var run = trained.Open();

        var error = Assert.Throws<UserErrorException>(() => run.Replay(trained.FromLedger(), default).ToList());

        Assert.StartsWith("The samples of outer-update 4 are not in ", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What a what-if computes is what the update of these samples with the other settings is.</summary>
    [Theory]
    [InlineData("estimator=rp")]
    [InlineData("estimator=es gradientClip=0")]
    [InlineData("outerLearningRate=0.1")]
    [InlineData("staleness=weight stalenessLimitUpdates=1")]
    [InlineData("outerOptimizer=sgd")]
    public void WhatIf_OnTheSamples_IsTheUpdateWithTheOtherSettings(string values)
    {
        string[] whatIf = values.Split(' ');
        using var trained = new TrainedRun(Full);
        using var run = trained.Open();
        var options = OuterUpdateOptions.From(
            SpecificationKeys.Set(Full, whatIf), OptimizerFamilies.Of(Full.Optimizer).Theta, run.Plans);
        var state = OuterState.Start(run.FirstTheta, options.Optimizer);

        var updates = run.Replay(trained.FromLedger(whatIf), default).ToList();

        Assert.False(updates[^1].IsSame);
        foreach (var update in updates)
        {
            state = OuterUpdater.Step(state, trained.Batches[(int)update.OuterUpdate - 1], options).State;
            Assert.True(ThetaDistance.IsSame(state.Theta, update.Theta));
        }
    }

    [Fact]
    public void WhatIf_OldSamplesDropped_MergesTheOthers()
    {
        using var trained = new TrainedRun(Full);
        using var run = trained.Open();

        var updates = run.Replay(trained.FromLedger("staleness=drop", "stalenessLimitUpdates=1"), default).ToList();

        Assert.Equal(
            trained.Batches.Select((batch, i) => batch.Count(s => i - s.ThetaVersion <= 1)), updates.Select(u => u.Samples));
        Assert.Contains(updates, u => u.Samples < SmallRun.Batch);
    }

    [Fact]
    public void WhatIf_OfLossesAlone_NeedsNoGradients()
    {
        using var trained = new TrainedRun(SmallRun.Specification);
        using var run = trained.Open();

        Assert.All(run.Replay(trained.FromLedger("estimator=es"), default), u => Assert.Equal(0, u.Recomputed));
    }

    [Theory]
    [InlineData(
        "estimator=pes",
        "The samples of this run (estimator 'merged') do not have what 'pes' merges. They have it for 'merged', 'rp', 'es'.")]
    [InlineData("perturbationStd=1", "'perturbationStd' decides what the samples of a run are, and a replay has those of the run.")]
    [InlineData("gradientClip=-1", "--set gradientClip '-1' must be ")]
    public void WhatIf_OfOtherSamples_IsRefused(string assignment, string words) => Assert.StartsWith(
        words, Assert.ThrowsAny<UserErrorException>(() => WhatIf.Of(Full, [assignment])).Message, StringComparison.Ordinal);

    private static List<ReplayedUpdate> Replayed(TrainedRun trained)
    {
        using var run = trained.Open();
        return [.. run.Replay(trained.FromLedger(), default)];
    }
}
