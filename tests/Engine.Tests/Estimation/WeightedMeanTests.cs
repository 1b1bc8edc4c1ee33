using CsCheck;
using LoptCluster.Engine.Estimation;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

/// <summary>The merge of one element against exact rational arithmetic.</summary>
public sealed class WeightedMeanTests
{
    private const double Tolerance = 1e-12;

    private const int Cases = 50_000;

    private static readonly Gen<double> Digits = Gen.Double[1, 2];

    /// <summary>Variances up to 200 orders of magnitude apart; powers of two and equal ones among them.</summary>
    private static readonly Gen<double> Variance = Gen.OneOf(
        Gen.Select(Digits, Gen.Int[-330, 330], Math.ScaleB),
        Gen.Select(Digits, Gen.Int[-133, 133], Math.ScaleB),
        Gen.Int[-3, 3].Select(n => Math.ScaleB(1, n)));

    private static readonly Gen<double> Number = Gen.OneOf(
        Gen.Select(Digits, Gen.Int[-149, 129], Gen.Bool, (d, n, negative) => Math.ScaleB(negative ? -d : d, n)),
        Gen.Int[-3, 3].Select(n => (double)n));

    [Fact]
    public void Of_AnyVariances_IsTheExactValue() =>
        Gen.Select(Number, Variance, Number, Variance).Sample((x, a, y, b) => AssertExact(x, a, y, b), iter: Cases);

    /// <summary>y is within some bits of −b x / a, so that the terms cancel to the last bits or wholly.</summary>
    [Fact]
    public void Of_CancellingTerms_IsTheExactValue() =>
        Gen.Select(
            Gen.Double[1, 2],
            Gen.Int[-60, 60],
            Gen.Select(Digits, Gen.Int[-133, 133], Math.ScaleB),
            Gen.Select(Digits, Gen.Int[-133, 133], Math.ScaleB),
            Gen.Int[0, 53],
            Gen.Bool)
            .Sample(
                (digits, exponent, a, b, bits, above) =>
                {
                    double x = Math.ScaleB(digits, exponent), y = -(b / a) * x;
                    y *= 1 + Math.ScaleB(above ? 1 : -1, -bits);
                    AssertExact(x, a, y, b);
                },
                iter: Cases);

    /// <summary>The share of x is 1e-20 of its weight, and 1e18 times y.</summary>
    [Theory]
    [InlineData(1e38, 1e40, 1, 1e20)]
    [InlineData(1, 1e-40, 1e38, 1)]
    [InlineData(-3e37, 1e40, 1e-40, 1e-40)]
    [InlineData(1, 1e-8, 0, 1e78)]
    [InlineData(0, 1e78, 0, 1e-8)]
    public void Of_WeightThatRoundsToOne_KeepsTheOtherShare(double x, double a, double y, double b)
    {
        AssertExact(x, a, y, b);
        AssertExact(y, b, x, a);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, 2, 5)]
    [InlineData(2, double.PositiveInfinity, 3)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 4)]
    public void Of_InfiniteVariance_LeavesTheNumberOut(double a, double b, double expected) => Assert.Equal(expected, Of(3, a, 5, b));

    [Fact]
    public void Of_ExactlyOppositeTerms_IsZero() => Assert.Equal(0, Of(3, 2, -1.5, 1));

    private static double Of(double x, double a, double y, double b) =>
        WeightedMean.Of(x, WeightedMean.Weight(a, b), a, y, WeightedMean.Weight(b, a), b);

    /// <summary>|m (a + b) − (b x + a y)| ≤ 1e-12 |b x + a y|, without rounding.</summary>
    internal static void AssertExact(double x, double a, double y, double b) => AssertExact(Of(x, a, y, b), x, a, y, b);

    internal static void AssertExact(double merged, double x, double a, double y, double b)
    {
        Dyadic weightX = Dyadic.Of(b), weightY = Dyadic.Of(a);
        var numerator = (weightX * Dyadic.Of(x)) + (weightY * Dyadic.Of(y));
        var error = (Dyadic.Of(merged) * (weightX + weightY)) - numerator;
        Assert.True(error.Magnitude() <= Dyadic.Of(Tolerance) * numerator.Magnitude(), $"x {x:R}, a {a:R}, y {y:R}, b {b:R}: {merged:R}");
    }
}
