using System.Collections.Immutable;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class OuterUpdaterTests
{
    private static readonly RunSpecification Specification = new() { OuterUpdates = 1000, OuterLearningRate = 1e-2, BatchSamples = 4 };

    private static readonly GradientSample[] Batch = [UpdateSamples.Of(0, 0), UpdateSamples.Of(1, 2), UpdateSamples.Of(2, 1),
        UpdateSamples.Of(3, 5)];

    private static readonly OuterState Start = StartOf(Specification);

    [Theory]
    [InlineData(OuterOptimizerKind.Adam)]
    [InlineData(OuterOptimizerKind.Sgd)]
    [InlineData(OuterOptimizerKind.Momentum)]
    public void Step_IsMergeThenClipThenOuterOptimizer(OuterOptimizerKind kind)
    {
        var specification = Specification with { OuterOptimizer = kind };
        var merged = GradientMerger.Merge(
            [.. Batch.Select(UpdateSamples.Options(Specification).Formation.Gradients)],
            3,
            EstimatorRegistry.Find(Specification.Estimator));
        var start = StartOf(specification);
        var (theta, state) = OuterOptimizers.Of(specification).Step(
            start.Theta.Values.Span, GradientClip.Apply(merged.Gradient, specification.GradientClip), specification.OuterLearningRate,
            start.Optimizer);

        var update = OuterUpdater.Step(start, Batch, UpdateSamples.Options(specification));

        Assert.Equal(theta, update.State.Theta.Values.ToArray());
        Assert.Equal(state.Vectors, update.State.Optimizer.Vectors);
        Assert.Equal(merged.Gradient, update.Merged.Gradient);
        Assert.Equal((8, 1), (update.State.Theta.Version, update.State.Optimizer.Step));
    }

    [Fact]
    public void Step_LeavesTheStateItStartsFrom()
    {
        OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification));
        Assert.Equal([1f, 2f, 3f], Start.Theta.Values.ToArray());
        Assert.Equal([0.0, 0, 0], Start.Optimizer.Vectors[0]);
    }

    /// <summary>In their own units, at the θ that the update made.</summary>
    [Fact]
    public void Step_ThetaOfHyperParameters_HasAFigureOfEach()
    {
        ImmutableArray<HyperParameter> parameters =
        [
            new("learningRate", 1e-3, HyperParameterTransform.Log),
            new("beta1", 0.9, HyperParameterTransform.LogOneMinus),
            new("l2", 1e-5, HyperParameterTransform.Log),
        ];
        var layout = new ThetaLayout(parameters);
        var options = UpdateSamples.Options(Specification) with { HyperParameters = layout.HyperParameters };
        var update = OuterUpdater.Step(OuterState.Start(new ThetaSnapshot(7, layout.Point()), options.Optimizer), Batch, options);
        double[] figures = [.. layout.HyperParameters.Select(h => update.Figures[HyperParameterFigure.Of(h)])];
        Assert.Equal(layout.Values(update.State.Theta.Values.Span), figures);
        Assert.All(layout.HyperParameters.Zip(figures), p => Assert.NotEqual(p.First.Initial, p.Second));
        Assert.Equal(figures[0], update.Figures.Recorded().Values["hyper_learning_rate"]);
        Assert.DoesNotContain(
            OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification)).Figures.Values.Keys, n => n.StartsWith("hyper_"));
    }

    [Fact]
    public void Step_FiguresDescribeTheBatchAndTheMerge()
    {
        GradientSample[] batch = [.. Batch.Select((s, i) => i == 0 ? UpdateSamples.WithRp(s, [float.NaN, 0, 0]) : s)];
        var update = OuterUpdater.Step(Start, batch, UpdateSamples.Options(Specification));
        var figures = update.Figures;

        Assert.Equal(8, figures.OuterUpdate);
        Assert.Equal((1, 1), (figures[UpdateFigureTable.RpShare], figures[UpdateFigureTable.RpInvalid]));
        Assert.Equal(0.25, figures[UpdateFigureTable.RpInvalidFraction]);
        Assert.Equal((7, 5), (figures[UpdateFigureTable.SampleAge], figures[UpdateFigureTable.TruncationSteps]));
        Assert.Equal(batch.Average(s => s.MeanLoss), figures[UpdateFigureTable.OuterLoss], 12);
        Assert.Equal(
            Quantiles.Of(update.Merged[EstimatorId.Rp].Statistics.Variance).Median, figures[UpdateFigureTable.Variance[EstimatorId.Rp]]);
        Assert.Equal(update.Merged[EstimatorId.Es].Weight.Average(), figures[UpdateFigureTable.Weight[EstimatorId.Es]]);
        double clipped = update.Merged.Gradient.Count(g => Math.Abs(g) > Specification.GradientClip) / 3.0;
        Assert.InRange(clipped, 0.1, 1);
        Assert.Equal(clipped, figures[UpdateFigureTable.ClippedFraction], 1e-12);
        Assert.Equal(Math.Sqrt(update.Merged.Gradient.Sum(g => g * g)), figures[UpdateFigureTable.GradientNorm], 1e-12);
    }

    [Fact]
    public void Step_OneEstimatorAlone_HasNoFiguresOfTheOther()
    {
        var figures = OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification with { Estimator = Estimator.Es })).Figures;
        var ofEs = figures.Recorded().Values.Keys.Where(f => f.EndsWith("_es", StringComparison.Ordinal));
        Assert.Equal(["gradient_norm_es", "variance_es", "weight_es"], ofEs.Order());
        Assert.DoesNotContain(figures.Values.Keys, f => f.Contains("_rp", StringComparison.Ordinal));
        Assert.Equal(1, figures[UpdateFigureTable.Weight[EstimatorId.Es]]);
        Assert.True(double.IsNaN(figures[UpdateFigureTable.Variance[EstimatorId.Rp]]));
    }

    [Theory]
    [InlineData(new float[] { 1, 0, 0 }, new float[] { 0, 2, 0 }, 0)]
    [InlineData(new float[] { 1, 2, 2 }, new float[] { 3, 6, 6 }, 1)]
    [InlineData(new float[] { 3e38f, 0, 0 }, new float[] { -1e-30f, 0, 0 }, -1)]
    [InlineData(new float[] { 4, 0, 3 }, new float[] { 1, 0, 0 }, 0.8)]
    public void Step_GradientCosine_IsThatOfTheEstimatorsMeans(float[] rp, float[] es, double expected)
    {
        GradientSample[] samples = [.. Batch.Select(s => UpdateSamples.WithRp(s, rp))];
        var options = UpdateSamples.Options(Specification) with { Formation = new GivenEs(_ => es) };
        var figures = OuterUpdater.Step(Start, samples, options).Figures;
        Assert.Equal(expected, figures[UpdateFigureTable.GradientCosine], 1e-12);
    }

    [Theory]
    [InlineData(Estimator.Merged)]
    [InlineData(Estimator.Es)]
    public void Step_GradientCosineWithoutTwoDirections_DoesNotExist(Estimator estimator)
    {
        GradientSample[] samples = [.. Batch.Select(s => UpdateSamples.WithRp(s, new float[3]))];
        var figures = OuterUpdater.Step(Start, samples, UpdateSamples.Options(Specification with { Estimator = estimator })).Figures;
        Assert.DoesNotContain(UpdateFigureTable.GradientCosine.Name, figures.Values.Keys);
    }

    [Fact]
    public void Step_ClipOfZero_ClipsNothing()
    {
        var update = OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification with { GradientClip = 0 }));
        Assert.Equal(0, update.Figures[UpdateFigureTable.ClippedFraction]);
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
        Assert.Equal(1.0, update.Figures[UpdateFigureTable.RpShare]);
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

    /// <summary>A run of 101 updates, prolonged at its end to 201: update 101 is halfway, and the last has the final share again.</summary>
    [Theory]
    [InlineData(50, 5.5e-3)]
    [InlineData(100, 1e-3)]
    [InlineData(101, 5.455e-3)]
    [InlineData(151, 3.205e-3)]
    [InlineData(200, 1e-3)]
    public void LearningRate_OfAProlongedRun_IsThatOfThePlanInForce(long version, double expected)
    {
        var specification = Specification with { OuterUpdates = 101, OuterLearningRateFinalShare = 0.1 };
        var options = UpdateSamples.Options(specification) with { Plans = OuterPlans.Of(specification).Prolong(101, 201) };
        Assert.Equal(expected, options.LearningRate(version), 15);
    }

    [Fact]
    public void Step_OfAProlongedRun_SaysTheTruncationLengthWithTheNextTheta()
    {
        var specification = Specification with
        {
            OuterUpdates = 8,
            TruncationFirst = 10,
            TruncationLast = 90,
            TruncationRampUpdates = 8,
        };
        var plans = OuterPlans.Of(specification);
        var asBegun = UpdateSamples.Options(specification) with { Plans = plans };
        Assert.Null(OuterUpdater.Step(Start, Batch, asBegun).State.Plan.TruncationSteps);
        var prolonged = UpdateSamples.Options(specification) with { Plans = plans.Prolong(7, 16) };
        // k is 80 at version 7 and 90 at 16.
        Assert.Equal(80 + (10 / 9.0), OuterUpdater.Step(Start, Batch, prolonged).State.Plan.TruncationSteps!.Value, 12);
    }

    [Fact]
    public void Step_WithAnAverage_AveragesTheVersionsAndMovesThetaAsWithout()
    {
        var without = OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification));
        var with = OuterUpdater.Step(Start, Batch, UpdateSamples.Options(Specification with { ThetaAverageDecay = 0.9 })).State;
        Assert.Null(without.State.Average);
        Assert.Equal(without.State.Theta.Values.ToArray(), with.Theta.Values.ToArray());
        Assert.Equal(with.Theta.Values.ToArray(), with.Average!.Snapshot(8, 0.9).Values.ToArray());
        Assert.Equal(1, with.Average.Updates);
    }

    private static OuterState StartOf(RunSpecification specification) =>
        OuterState.Start(new ThetaSnapshot(7, new float[] { 1, 2, 3 }), OuterOptimizers.Of(specification));
}
