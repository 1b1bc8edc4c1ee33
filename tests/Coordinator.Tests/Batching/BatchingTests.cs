using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Batching;

public sealed class BatchingTests
{
    private static readonly RunSpecification Adaptive = SmallRun.Specification with { BatchSamples = 32, RpShare = RpSharePolicy.Adaptive };

    [Fact]
    public void SampleBatch_Asynchronous_InOrderOfArrivalAndTheRestWaits()
    {
        var batch = CreateBatch(SmallRun.Specification with { BatchSamples = 2 });
        foreach (int lane in (int[])[3, 1, 2]) batch.Add(new QueuedSample(lane, Fabricated.Sample(lane, 0), 0));

        Assert.True(batch.IsFull);
        Assert.Equal([3L, 1L], batch.Dequeue().Select(q => q.Sample.Identity.ProblemId));
        Assert.Equal(1, batch.Waiting);
        Assert.False(batch.IsFull);
    }

    [Fact]
    public void SampleBatch_Synchronous_InOrderOfLanes()
    {
        var batch = CreateBatch(SmallRun.Synchronous with { BatchSamples = 3 });
        foreach (int lane in (int[])[2, 0, 1]) batch.Add(new QueuedSample(lane, Fabricated.Sample(10 + lane, 0), 0));

        Assert.Equal([10L, 11L, 12L], batch.Dequeue().Select(q => q.Sample.Identity.ProblemId));
    }

    [Fact]
    public void SampleBatch_ShareOfRp_WaitsForEnoughOfThemAndTakesAllThatCame()
    {
        var batch = CreateBatch(Adaptive);
        for (int i = 0; i < 40; i++)
        {
            Assert.False(batch.IsFull);
            batch.Add(Queued(i, rp: i >= 24));
        }

        Assert.True(batch.IsFull);
        batch.Add(Queued(40, rp: true));
        Assert.Equal(40, batch.Dequeue().Count);
        Assert.Equal(1, batch.Waiting);

        for (int i = 0; i < 30; i++) batch.Add(Queued(50 + i, rp: true));
        Assert.False(batch.IsFull);
        batch.Add(Queued(99, rp: false));
        Assert.Equal(Adaptive.BatchSamples, batch.Dequeue().Count);
        Assert.Equal(0, batch.Waiting);

        static QueuedSample Queued(int id, bool rp) => new(0, Fabricated.Sample(id, 0) with { RpComputed = rp, RpValid = rp }, 0);
    }

    [Fact]
    public void Apply_Adaptive_SendsTheShareWithTheNextTheta()
    {
        // g_es is exact, g_rp is noise: sixteen of 32 is the least.
        GradientSample[] samples =
        [
            .. Enumerable.Range(0, 32).Select(i => Fabricated.Sample(i, 0) with { GradientRp = new float[] { i * 100, -i * 100, i * 1e10f }, GradientEs = new float[] { 1, 2, 3 } }),
        ];

        var update = new OuterUpdater(Adaptive).Apply(samples, new ThetaSnapshot(0, new float[3]), OuterAdamState.Zero(3), RpShareState.Start, 0);

        Assert.Equal((0.5, 1L), (update.Theta.RpShare, update.RpShare.Updates));
        Assert.Equal((32, 32, 1.0), (update.History.RpComputed, update.History.Samples, update.History.RpShare));
    }

    private static SampleBatch CreateBatch(RunSpecification specification) => new(specification.BatchSamples, IRunMode.Of(specification));

    [Theory]
    [InlineData(0, 1e-2)]
    [InlineData(50, 5.5e-3)]
    [InlineData(100, 1e-3)]
    [InlineData(500, 1e-3)]
    public void LearningRate_FallsLinearlyToItsShareAtTheLastUpdate(long version, double expected)
    {
        var updater = new OuterUpdater(SmallRun.Specification with { OuterUpdates = 101, OuterLearningRate = 1e-2, OuterLearningRateFinalShare = 0.1 });
        Assert.Equal(expected, updater.LearningRate(version), 15);
    }

    [Fact]
    public void Apply_IsMergeThenClipThenAdam()
    {
        var specification = SmallRun.Specification;
        GradientSample[] samples = [Fabricated.Sample(0, 0), Fabricated.Sample(1, 2), Fabricated.Sample(2, 1), Fabricated.Sample(3, 5)];
        var theta = new ThetaSnapshot(7, new float[] { 1, 2, 3 });
        var merged = GradientMerger.Merge(samples, 3, specification.Estimator);
        var (expected, _) = OuterAdam.Step(
            theta.Values.Span, merged.Gradient, specification.GradientClip, OuterAdamState.Zero(3),
            new OuterAdamOptions(specification.OuterLearningRate, specification.OuterBeta1, specification.OuterBeta2, specification.OuterEpsilon));

        var update = new OuterUpdater(specification).Apply(samples, theta, OuterAdamState.Zero(3), RpShareState.Start, 12);

        Assert.Equal(expected, update.Theta.Values.ToArray());
        Assert.Equal((8, 12.0, 7.0), (update.Theta.Version, update.History.Seconds, update.History.SampleAge));
        Assert.Equal(samples.Average(s => s.MeanLoss), update.History.OuterLoss, 12);
        Assert.Equal([1f, 2f, 3f], theta.Values.ToArray());
        Assert.Equal((1.0, 0L), (update.Theta.RpShare, update.RpShare.Updates));
    }

    [Theory]
    [InlineData(StalenessPolicy.Off, 1000, true)]
    [InlineData(StalenessPolicy.Drop, 10, true)]
    [InlineData(StalenessPolicy.Drop, 11, false)]
    [InlineData(StalenessPolicy.Weight, 11, true)]
    public void Staleness_CountsByPolicy(StalenessPolicy policy, long age, bool counts) => Assert.Equal(counts, new StalenessRule(policy, 10).Counts(age));

    [Fact]
    public void Staleness_Weight_FallsWithAge()
    {
        var rule = new StalenessRule(StalenessPolicy.Weight, 10);
        Assert.Equal([1.0, 0.5], rule.Weights([Fabricated.Sample(0, 0, version: 20), Fabricated.Sample(1, 0, version: 10)], 20));
        Assert.Empty(new StalenessRule(StalenessPolicy.Off, 10).Weights([Fabricated.Sample(0, 0)], 20));
    }

    [Fact]
    public void Quantiles_OfAnyOrder()
    {
        double[] values = [.. Enumerable.Range(0, 101).Select(i => (double)(i * 37 % 101))];
        Assert.Equal(new Quantiles(10, 50, 90), Quantiles.Of(values));
        Assert.Equal(new Quantiles(5, 5, 5), Quantiles.Of([5]));
    }
}
