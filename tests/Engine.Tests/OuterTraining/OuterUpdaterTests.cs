using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class OuterUpdaterTests
{
    private static readonly RunSpecification Specification = new() { OuterUpdates = 1000, OuterLearningRate = 1e-2, BatchSamples = 4 };

    private static readonly GradientSample[] Batch = [UpdateSamples.Of(0, 0), UpdateSamples.Of(1, 2), UpdateSamples.Of(2, 1), UpdateSamples.Of(3, 5)];

    private static readonly OuterState Start = OuterState.Start(new ThetaSnapshot(7, new float[] { 1, 2, 3 }));

    [Fact]
    public void Step_IsMergeThenClipThenAdam()
    {
        var merged = GradientMerger.Merge([.. Batch.Select(UpdateSamples.Options(Specification).Formation.Gradients)], 3, EstimatorRegistry.Find(Specification.Estimator));
        var (theta, adam) = OuterAdam.Step(
            Start.Theta.Values.Span, merged.Gradient, Specification.GradientClip, OuterAdamState.Zero(3),
            new OuterAdamOptions(Specification.OuterLearningRate, Specification.OuterBeta1, Specification.OuterBeta2, Specification.OuterEpsilon));

        var update = OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification));

        Assert.Equal(theta, update.State.Theta.Values.ToArray());
        Assert.Equal(adam.First, update.State.Optimizer.First);
        Assert.Equal(merged.Gradient, update.Merged.Gradient);
        Assert.Equal((8, 1), (update.State.Theta.Version, update.State.Optimizer.Step));
    }

    [Fact]
    public void Step_LeavesTheStateItStartsFrom()
    {
        OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification));
        Assert.Equal([1f, 2f, 3f], Start.Theta.Values.ToArray());
        Assert.Equal([0.0, 0, 0], Start.Optimizer.First);
    }

    [Fact]
    public void Step_FiguresDescribeTheBatchAndTheMerge()
    {
        GradientSample[] batch = [.. Batch.Select((s, i) => i == 0 ? UpdateSamples.WithRp(s, [float.NaN, 0, 0]) : s)];
        var update = OuterUpdater.Step(Start, batch, UpdateSamples.Options(Specification));
        var figures = update.Figures;

        Assert.Equal((8, 4, 4, 1), (figures.OuterUpdate, figures.Samples, figures.RpComputed, figures.RpInvalid));
        Assert.Equal((7, 5), (figures.SampleAge, figures.TruncationSteps));
        Assert.Equal(batch.Average(s => s.MeanLoss), figures.OuterLoss, 12);
        Assert.Equal(update.Merged.Gradient.Count(g => Math.Abs(g) > Specification.GradientClip) / 3.0, figures.ClippedFraction);
        Assert.Equal(Quantiles.Of(update.Merged[EstimatorId.Rp].Statistics.Variance), figures[EstimatorId.Rp].Variance);
        Assert.Equal(update.Merged[EstimatorId.Es].Weight.Average(), figures[EstimatorId.Es].MeanWeight);
    }

    [Fact]
    public void Step_OneEstimatorAlone_HasNoFiguresOfTheOther()
    {
        var figures = OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification with { Estimator = Estimator.Es })).Figures;
        Assert.Equal([EstimatorId.Es], figures.Estimators.Select(e => e.Estimator));
        Assert.Equal((0.0, double.PositiveInfinity), (figures[EstimatorId.Rp].MeanWeight, figures[EstimatorId.Rp].Variance.Median));
    }

    [Fact]
    public void Step_ClipOfZero_ClipsNothing()
    {
        var update = OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification with { GradientClip = 0 }));
        Assert.Equal(0, update.Figures.ClippedFraction);
    }

    [Fact]
    public void Step_AdaptiveShare_GoesWithTheNextTheta()
    {
        // g_es is exact, g_rp is noise: sixteen of 32 is the least.
        GradientSample[] samples =
        [
            .. Enumerable.Range(0, 32).Select(i => UpdateSamples.WithRp(UpdateSamples.Of(i, 0), [i * 100, -i * 100, i * 1e10f])),
        ];
        var options = UpdateSamples.Options(Specification with { BatchSamples = 32, RpShare = RpSharePolicy.Adaptive }) with
        {
            Formation = new GivenEs(_ => [1, 2, 3]),
        };

        var update = OuterUpdater.Step(Start, samples, options);

        Assert.Equal((0.5, 1L), (update.State.Plan.RpShare, update.State.RpShare.Updates));
        Assert.Equal((32, 1.0), (update.Figures.RpComputed, update.Figures.RpShare));
    }

    [Fact]
    public void Step_ShareOfAll_LeavesItsStateAlone()
    {
        var state = OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification)).State;
        Assert.Equal((1.0, 0L), (state.Plan.RpShare, state.RpShare.Updates));
    }

    [Theory]
    [InlineData(0, 1e-2)]
    [InlineData(50, 5.5e-3)]
    [InlineData(100, 1e-3)]
    [InlineData(500, 1e-3)]
    public void LearningRate_FallsLinearlyToItsShareAtTheLastUpdate(long version, double expected)
    {
        var options = UpdateSamples.Options(Specification with { OuterUpdates = 101, OuterLearningRateFinalShare = 0.1 });
        Assert.Equal(expected, options.LearningRate(version), 15);
    }
}
