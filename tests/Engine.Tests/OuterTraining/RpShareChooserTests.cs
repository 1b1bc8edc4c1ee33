using CsCheck;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class RpShareChooserTests
{
    private const double Least = 1.0 / 16;

    /// <summary>Half the distance of two points of the grid, in ln p.</summary>
    private const double HalfInterval = 0.5 * 2.7725887222397811 / RpShareChooser.Intervals;

    private static readonly RpShareOptions Options = new() { BatchSamples = 64, CostRatio = 2 };

    [Theory]
    [InlineData(1, 2, Least)]
    [InlineData(1, 0.5, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(2.01, 2, 1)]
    [InlineData(1.99, 2, Least)]
    [InlineData(0, 2, Least)]
    [InlineData(1e6, 2, 1)]
    [InlineData(0, 0, 1)]
    public void Best_OneRatioForAllElements_IsAllOrTheLeast(double ratio, double cost, double expected) =>
        Assert.Equal(expected, Best([ratio, ratio, ratio], cost));

    /// <summary>Half of the elements with r → ∞, half with r = 0: J = ln(1 + pρ) − ½ ln p + const has its minimum at p = 1/ρ.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(0.5)]
    [InlineData(100)]
    public void Best_HalfOfTheElementsNeedRp_IsTheInverseOfTheCostRatio(double cost) =>
        Assert.Equal(Math.Log(Math.Clamp(1 / cost, Least, 1)), Math.Log(Best([1e9, 0], cost)), HalfInterval + 1e-6);

    /// <summary>
    /// J′ = 0: g_rp has the same share of the time as of the merge; the two cross between the neighbours of the best point.
    /// </summary>
    [Fact]
    public void Best_Inside_RpsShareOfTheTimeIsItsShareOfTheMerge()
    {
        double[] ratio = [0.01, 0.3, 8, 50, 400];
        double p = Best(ratio, 3), step = Math.Exp(2 * HalfInterval);

        Assert.InRange(p, Least + 0.01, 0.99);
        Assert.True(Surplus(p / step) > 0 && Surplus(p * step) < 0);

        double Surplus(double share) => ratio.Average(r => share * r / (1 + (share * r))) - (3 * share / (1 + (3 * share)));
    }

    /// <summary>J″ in ln p is at most ¼, so half an interval from the minimum J is above it by at most an eighth of its square.</summary>
    [Fact]
    public void Best_AnyRatios_IsAsLowAsAFineGrid() =>
        Gen.Select(Gen.Double[-14, 14].Array[1, 70], Gen.Double[-4, 4]).Sample((logs, logCost) =>
        {
            double[] ratio = [.. logs.Select(Math.Exp)];
            double cost = Math.Exp(logCost), p = Best(ratio, cost);
            double grid = Enumerable.Range(0, 2001).Min(i => Objective(Math.Pow(Least, i / 2000.0)));
            Assert.InRange(p, Least, 1);
            Assert.True(Objective(p) <= grid + (0.125 * HalfInterval * HalfInterval) + 1e-12);

            double Objective(double share) => Math.Log(1 + (share * cost)) - ratio.Average(r => Math.Log(1 + (share * r)));
        });

    /// <summary>
    /// Gain and cost are the mean logarithm of the merged variance and that of the time, but for what does not depend on p.
    /// </summary>
    [Fact]
    public void Gain_IsWhatRpTakesOffTheLogarithmOfTheMergedVariance()
    {
        double[] rp = [0.2, 3, 1e-4], es = [0.5, 0.1, 7];
        const int samples = 64;
        double[] ratio = [.. rp.Zip(es, (r, e) => e / r)];

        Assert.Equal(Variance(0.1) - Variance(0.9), RpShareChooser.Gain(ratio, 0.9) - RpShareChooser.Gain(ratio, 0.1), 1e-12);

        double Variance(double p) => rp.Zip(es, (r, e) => Math.Log(1 / ((p * samples / r) + (samples / e)))).Average();
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    public void LeastShare_SmallBatch_IsAll(int batch) =>
        Assert.Equal(1, Choose(new() { BatchSamples = batch, CostRatio = 1e9 }, 1e9, 1).Share);

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    [InlineData(1e300)]
    public void Step_RpExploded_IsTheLeast(double rp) => Assert.Equal(0.25, Choose(Options, rp, 1).Share);

    [Fact]
    public void Step_RpFarMorePrecise_IsAll() => Assert.Equal(1, Choose(Options, 1e-9, 1).Share);

    /// <summary>g_rp explodes in some batches and is precise in the part f of them: p = f / (ρ (1 − f)).</summary>
    [Theory]
    [InlineData(5, 0.5)]
    [InlineData(4, 0.75)]
    [InlineData(3, 1)]
    [InlineData(8, 0.25)]
    public void Step_ExplodesInSomeOfTenBatches_IsWorthItsShareOfThem(int exploded, double expected)
    {
        var state = RpShareState.Start;
        double share = 0;
        for (int i = 0; i < 10; i++)
            (share, state) = RpShareChooser.Step(
                Merged([i < exploded ? double.PositiveInfinity : 1e-8], [10]), [], state, Options with { Keep = 0.99 });
        Assert.Equal(Math.Log(expected), Math.Log(share), 0.02);
    }

    [Fact]
    public void Step_OneOddBatch_MovesTheAverageByATenth()
    {
        var state = RpShareState.Start;
        for (int i = 0; i < 50; i++) (_, state) = RpShareChooser.Step(Merged([1], [3]), [], state, Options);
        Assert.Equal(Math.Log(4), state.Gain[0], 1e-12);

        (_, state) = RpShareChooser.Step(Merged([double.PositiveInfinity], [3]), [], state, Options);

        Assert.Equal(0.9 * Math.Log(4), state.Gain[0], 1e-12);
        Assert.Equal(51, state.Updates);
    }

    [Fact]
    public void Step_FirstBatches_CountAlike()
    {
        var state = RpShareState.Start;
        foreach (double es in (double[])[1, 3, 7]) (_, state) = RpShareChooser.Step(Merged([1], [es]), [], state, Options);
        Assert.Equal(Math.Log(2 * 4 * 8) / 3, state.Gain[0], 1e-12);
    }

    [Fact]
    public void Step_CostMeasured_DecidesWhereVariancesAreEqual()
    {
        var measured = Options with { CostRatio = null };
        GradientSample[] cheapRp = [Timed(rp: true, seconds: 1.5, reverse: 0.5)], dearRp = [Timed(rp: true, seconds: 3, reverse: 2)];

        Assert.Equal(1, RpShareChooser.Step(Merged([1], [1]), cheapRp, RpShareState.Start, measured).Share);
        Assert.Equal(0.25, RpShareChooser.Step(Merged([1], [1]), dearRp, RpShareState.Start, measured).Share);
        // Nobody timed anything: the paper's convnet, where g_rp takes more than g_es.
        Assert.Equal(0.25, RpShareChooser.Step(Merged([1], [1]), [], RpShareState.Start, measured).Share);
    }

    [Fact]
    public void Cost_BothKinds_CountsTheTapingToo()
    {
        // 4 s without g_rp; with it 4 + 1 of taping + 8 of sweep.
        var cost = default(RpCost).With([Timed(rp: true, seconds: 13, reverse: 8), Timed(rp: false, seconds: 8, steps: 20)], 0.9);
        Assert.Equal(9.0 / 4, cost.Ratio, 1e-12);

        var sweepsAlone = default(RpCost).With([Timed(rp: true, seconds: 13, reverse: 8)], 0.9);
        Assert.Equal(8.0 / 5, sweepsAlone.Ratio, 1e-12);
        Assert.True(double.IsNaN(default(RpCost).Ratio));
    }

    private static double Best(double[] ratio, double cost) => RpShareChooser.Best(
        [.. Enumerable.Range(0, RpShareChooser.Intervals + 1).Select(
            point => RpShareChooser.Gain(ratio, RpShareChooser.ShareAt(point, Least)))], cost, Least);

    private static (double Share, RpShareState State) Choose(RpShareOptions options, double rp, double es) =>
        RpShareChooser.Step(Merged([rp, rp], [es, es]), [], RpShareState.Start, options);

    private static GradientSample Timed(bool rp, double seconds, double reverse = 0, int steps = 10) => new()
    {
        Identity = new SampleIdentity(0, 0),
        ThetaVersion = 0,
        StartStep = 0,
        Steps = steps,
        Losses = [0, 0],
        Gradients = rp ? [new MeasuredGradient(EstimatorId.Rp, GradientOutcome.NotFinite, default, TimeSpan.FromSeconds(reverse))] : [],
        ProblemFinished = false,
        Elapsed = TimeSpan.FromSeconds(seconds),
    };

    private static MergedGradient Merged(double[] rp, double[] es) =>
        new(new double[rp.Length], [Measured(EstimatorId.Rp, rp), Measured(EstimatorId.Es, es)]);

    private static MergedEstimator Measured(EstimatorId estimator, double[] variance) => new(
        new EstimatorStatistics(estimator, Count: 2, new double[variance.Length], variance, MeanShare: 0.5), new double[variance.Length]);
}
