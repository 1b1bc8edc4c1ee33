using CsCheck;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

public sealed class GradientMergerTests
{
    /// <summary>Sums of at most 20 doubles in another order: a few ulps of the largest term.</summary>
    private const double Tolerance = 1e-9;

    private static readonly EstimatorDefinition Merged = EstimatorRegistry.Find(Estimator.Merged);

    private static readonly Gen<(float[] Rp, float[] Es)> Batch =
        Gen.Int[2, 20].SelectMany(n => Gen.Select(Gen.Float[-100, 100].Array[n], Gen.Float[-100, 100].Array[n]));

    [Fact]
    public void Merge_AnyBatch_LiesBetweenTheMeans() => Batch.Sample(b =>
    {
        var merged = Merge(b.Rp, b.Es);
        double low = Math.Min(
            merged[EstimatorId.Rp].Statistics.Mean[0],
            merged[EstimatorId.Es].Statistics.Mean[0]), high = Math.Max(merged[EstimatorId.Rp].Statistics.Mean[0],
            merged[EstimatorId.Es].Statistics.Mean[0]);
        Assert.InRange(merged.Gradient[0], low - Tolerance, high + Tolerance);
        Assert.InRange(merged[EstimatorId.Es].Weight[0], 0, 1);
    });

    [Fact]
    public void Merge_EstimatorsSwapped_IsTheSame() => Batch.Sample(b =>
        Assert.Equal(Merge(b.Rp, b.Es).Gradient[0], Merge(b.Es, b.Rp).Gradient[0], Tolerance * 100));

    [Fact]
    public void Merge_OtherOrder_IsTheSameUpToRounding() => Batch.Sample(b =>
        Assert.Equal(Merge(b.Rp, b.Es).Gradient[0], Merge([.. b.Rp.Reverse()], [.. b.Es.Reverse()]).Gradient[0], Tolerance * 100));

    [Fact]
    public void Merge_EqualVariances_GivesTheMeanOfBoth()
    {
        var merged = Merge([1, 3], [11, 13]);
        Assert.Equal(7, merged.Gradient[0], Tolerance);
        Assert.Equal(0.5, merged[EstimatorId.Es].Weight[0], Tolerance);
        Assert.Equal(2 + EstimatorStatistics.VarianceFloor, merged[EstimatorId.Rp].Statistics.Variance[0], Tolerance);
    }

    [Fact]
    public void Merge_ConstantSamples_WeighsBothHalf() => Assert.Equal(0.5, Merge([4, 4], [4, 4])[EstimatorId.Es].Weight[0]);

    [Fact]
    public void Merge_RpVarianceHuge_UsesEsOnly()
    {
        var merged = Merge([3e19f, -1e19f], [1, 3]);
        Assert.Equal(2, merged.Gradient[0], Tolerance);
        Assert.Equal(1, merged[EstimatorId.Es].Weight[0], Tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Merge_FewerThanTwoValidRp_UsesEsOnly(int valid)
    {
        var samples = Samples([100, 100, 100], [1, 2, 3]).Select((s, i) => i < valid ? s : [s[1]]).ToList();
        var merged = GradientMerger.Merge(samples, 1, Merged);
        Assert.Equal(2, merged.Gradient[0], Tolerance);
        Assert.Equal(1, merged[EstimatorId.Es].Weight[0]);
        Assert.Equal(valid, merged[EstimatorId.Rp].Statistics.Count);
    }

    [Fact]
    public void Merge_UnequalCounts_WeighsByTheVarianceOfTheMean()
    {
        var samples = Samples([1, 3, 0, 0], [1, 3, 1, 3]).Select((s, i) => i < 2 ? s : [s[1]]).ToList();
        var merged = GradientMerger.Merge(samples, 1, Merged);
        double rp = merged[EstimatorId.Rp].Statistics.Variance[0] / 2, es = merged[EstimatorId.Es].Statistics.Variance[0] / 4;
        Assert.Equal(rp / (rp + es), merged[EstimatorId.Es].Weight[0], Tolerance);
    }

    [Theory]
    [InlineData(Estimator.Rp, 2)]
    [InlineData(Estimator.Es, 12)]
    public void Merge_OneEstimator_UsesItsMean(Estimator estimator, double expected) =>
        Assert.Equal(expected, GradientMerger.Merge(Samples([1, 3], [11, 13]), 1, EstimatorRegistry.Find(estimator)).Gradient[0]);

    [Fact]
    public void Merge_EqualWeights_AreNoWeights()
    {
        var samples = Samples([1, 2, 5], [7, 11, 13]);
        Assert.Equal(
            GradientMerger.Merge(samples, 1, Merged).Gradient[0],
            GradientMerger.Merge(samples, 1, Merged, [2.0, 2, 2]).Gradient[0],
            Tolerance);
    }

    [Fact]
    public void Merge_WeightZero_LeavesTheSampleOut()
    {
        var all = GradientMerger.Merge(Samples([1, 2, 99], [7, 11, 99]), 1, Merged, [1.0, 1, 0]);
        var two = GradientMerger.Merge(Samples([1, 2], [7, 11]), 1, Merged);
        Assert.Equal(two.Gradient[0], all.Gradient[0], Tolerance);
    }

    /// <summary>
    /// Numbers of valid g_rp, scales of the gradients and weights are arbitrary; the exact value is that of the measured means and
    /// variances.
    /// </summary>
    [Fact]
    public void Merge_AnyCountsAndScales_IsTheExactValue() =>
        Gen.Select(
            Gen.Int[2, 12],
            Gen.Int[0, 12],
            Gen.Int[-38, 37],
            Gen.Int[-38, 37],
            Gen.Int[0, 1000]).Sample((n, valid, rpScale, esScale, seed) =>
        {
            var random = new Random(seed);
            var samples = Enumerable.Range(0, n).Select(i => Sample(i < valid ? Value(rpScale) : null, Value(esScale))).ToList();
            double[] weights = [.. samples.Select(_ => 0.1 + random.NextDouble())];
            var merged = GradientMerger.Merge(samples, 1, Merged, weights);
            var (rp, es) = (merged[EstimatorId.Rp].Statistics, merged[EstimatorId.Es].Statistics);
            if (rp.Count < 2) Assert.Equal(es.Mean[0], merged.Gradient[0]);
            else WeightedMeanTests.AssertExact(
                merged.Gradient[0], rp.Mean[0], rp.Variance[0] * rp.MeanShare, es.Mean[0], es.Variance[0] * es.MeanShare);

            float Value(int scale) => (float)((random.NextDouble() - 0.5) * Math.Pow(10, scale));
        });

    /// <summary>One exploded sample: a g_rp of 1e30 has 1e-24 of the weight, which is a million times g_es.</summary>
    [Fact]
    public void Merge_WeightOfEsRoundsToOne_KeepsTheShareOfRp()
    {
        var merged = Merge([3e12f, 1e12f], [1e-4f, 3e-4f]);
        Assert.Equal(1, merged[EstimatorId.Es].Weight[0]);
        Assert.NotEqual(merged[EstimatorId.Es].Statistics.Mean[0], merged.Gradient[0]);
    }

    [Fact]
    public void Merge_EstimatorThatIsNotComputed_IsNotMeasured()
    {
        var merged = GradientMerger.Merge(Samples([1, 3], [11, 13]), 1, EstimatorRegistry.Find(Estimator.Es));
        Assert.Equal([EstimatorId.Es], merged.Estimators.Select(e => e.Statistics.Estimator));
        Assert.Contains("'rp'", Assert.Throws<ArgumentException>(() => merged[EstimatorId.Rp]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Estimator.Rp, 1, 0)]
    [InlineData(Estimator.Es, 0, 1)]
    public void Merge_OneEstimator_HasAllTheWeight(Estimator estimator, double rp, double es)
    {
        var merged = GradientMerger.Merge(Samples([1, 3], [11, 13]), 1, EstimatorRegistry.Find(estimator));
        Assert.All(merged.Estimators, e => Assert.Equal(e.Statistics.Estimator == EstimatorId.Rp ? rp : es, e.Weight[0]));
    }

    private static MergedGradient Merge(float[] rp, float[] es) => GradientMerger.Merge(Samples(rp, es), 1, Merged);

    private static List<IReadOnlyList<EstimatorGradient>> Samples(float[] rp, float[] es) => [.. rp.Zip(es, (r, e) => Sample(r, e))];

    private static IReadOnlyList<EstimatorGradient> Sample(float? rp, float es) => rp is { } value
        ? [new(EstimatorId.Rp, new[] { value }), new(EstimatorId.Es, new[] { es })]
        : [new(EstimatorId.Es, new[] { es })];
}
