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

    private static readonly Gen<(float[] Rp, float[] Es)> Batch =
        Gen.Int[2, 20].SelectMany(n => Gen.Select(Gen.Float[-100, 100].Array[n], Gen.Float[-100, 100].Array[n]));

    [Fact]
    public void Merge_AnyBatch_LiesBetweenTheMeans() => Batch.Sample(b =>
    {
        var merged = Merge(b.Rp, b.Es);
        double low = Math.Min(merged.MeanRp[0], merged.MeanEs[0]), high = Math.Max(merged.MeanRp[0], merged.MeanEs[0]);
        Assert.InRange(merged.Gradient[0], low - Tolerance, high + Tolerance);
        Assert.InRange(merged.WeightEs[0], 0, 1);
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
        Assert.Equal(0.5, merged.WeightEs[0], Tolerance);
        Assert.Equal(2 + GradientMerger.VarianceFloor, merged.VarianceRp[0], Tolerance);
    }

    [Fact]
    public void Merge_ConstantSamples_WeighsBothHalf() => Assert.Equal(0.5, Merge([4, 4], [4, 4]).WeightEs[0]);

    [Fact]
    public void Merge_RpVarianceHuge_UsesEsOnly()
    {
        var merged = Merge([3e19f, -1e19f], [1, 3]);
        Assert.Equal(2, merged.Gradient[0], Tolerance);
        Assert.Equal(1, merged.WeightEs[0], Tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Merge_FewerThanTwoValidRp_UsesEsOnly(int valid)
    {
        var samples = Samples([100, 100, 100], [1, 2, 3]).Select((s, i) => i < valid ? s : s with { RpValid = false, GradientRp = default }).ToList();
        var merged = GradientMerger.Merge(samples, 1, Estimator.Merged);
        Assert.Equal(2, merged.Gradient[0], Tolerance);
        Assert.Equal(1, merged.WeightEs[0]);
        Assert.Equal(valid, merged.ValidRp);
    }

    [Fact]
    public void Merge_UnequalCounts_WeighsByTheVarianceOfTheMean()
    {
        var samples = Samples([1, 3, 0, 0], [1, 3, 1, 3]).Select((s, i) => i < 2 ? s : s with { RpValid = false, GradientRp = default }).ToList();
        var merged = GradientMerger.Merge(samples, 1, Estimator.Merged);
        double rp = merged.VarianceRp[0] / 2, es = merged.VarianceEs[0] / 4;
        Assert.Equal(rp / (rp + es), merged.WeightEs[0], Tolerance);
    }

    [Theory]
    [InlineData(Estimator.Rp, 2)]
    [InlineData(Estimator.Es, 12)]
    public void Merge_OneEstimator_UsesItsMean(Estimator estimator, double expected) =>
        Assert.Equal(expected, GradientMerger.Merge(Samples([1, 3], [11, 13]), 1, estimator).Gradient[0]);

    [Fact]
    public void Merge_EqualWeights_AreNoWeights()
    {
        var samples = Samples([1, 2, 5], [7, 11, 13]);
        Assert.Equal(GradientMerger.Merge(samples, 1, Estimator.Merged).Gradient[0], GradientMerger.Merge(samples, 1, Estimator.Merged, [2.0, 2, 2]).Gradient[0], Tolerance);
    }

    [Fact]
    public void Merge_WeightZero_LeavesTheSampleOut()
    {
        var all = GradientMerger.Merge(Samples([1, 2, 99], [7, 11, 99]), 1, Estimator.Merged, [1.0, 1, 0]);
        var two = GradientMerger.Merge(Samples([1, 2], [7, 11]), 1, Estimator.Merged);
        Assert.Equal(two.Gradient[0], all.Gradient[0], Tolerance);
    }

    private static MergedGradient Merge(float[] rp, float[] es) => GradientMerger.Merge(Samples(rp, es), 1, Estimator.Merged);

    private static List<GradientSample> Samples(float[] rp, float[] es) => [.. rp.Zip(es, (r, e) => new GradientSample
    {
        Identity = default,
        ThetaVersion = 0,
        StartStep = 0,
        Steps = 1,
        PositiveLoss = 0,
        NegativeLoss = 0,
        RpComputed = true,
        RpValid = true,
        GradientRp = new[] { r },
        GradientEs = new[] { e },
        ProblemFinished = false,
    })];
}
