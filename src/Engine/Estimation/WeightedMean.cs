namespace LoptCluster.Engine.Estimation;

/// <summary>The mean of two numbers weighted by the inverse of their variances: (b x + a y) / (a + b).</summary>
/// <remarks>
/// x, y: numbers; a, b: their variances, positive, +∞ allowed. The result differs from the exact rational value of these four doubles by
/// less than 1e-12 of that value, cancellation of the two terms included, for variances from 1e-100 to 1e100 and numbers that are 0 or from
/// 1e-100 to 1e100 in magnitude (a float32 gradient has 1e-45 to 1e39, its variance 1e-8 to 1e78), that is for any ratio of the variances
/// that can occur.
/// <para>
/// w_x x + w_y y has an error of at most 3u (|w_x x| + |w_y y|), u = 2⁻⁵³, so it is kept unless the terms cancel to less than 1/2048 of
/// their sum; then the numerator is summed without error. Neither weight is formed as 1 − the other, and neither term is left out: 1e-17 of
/// a huge x may exceed y.
/// </para>
/// </remarks>
internal static class WeightedMean
{
    /// <summary>Largest (|w_x x| + |w_y y|) / |w_x x + w_y y| at which the plain sum stays within 1e-12: 3 · 2048 · 2⁻⁵³ = 7e-13.</summary>
    private const double LargestCancellation = 2048;

    /// <summary>Weight of the number whose variance is <paramref name="own"/>: other / (own + other); ½ if both are infinite.</summary>
    public static double Weight(double own, double other)
    {
        if (double.IsPositiveInfinity(other)) return double.IsPositiveInfinity(own) ? 0.5 : 1;
        return double.IsPositiveInfinity(own) ? 0 : other / (own + other);
    }

    /// <param name="x">First number.</param>
    /// <param name="weightX">Its <see cref="Weight"/>.</param>
    /// <param name="a">Its variance.</param>
    /// <param name="y">Second number.</param>
    /// <param name="weightY">Its <see cref="Weight"/>.</param>
    /// <param name="b">Its variance.</param>
    public static double Of(double x, double weightX, double a, double y, double weightY, double b)
    {
        double left = weightX * x, right = weightY * y, sum = left + right;
        bool accurate = Math.Abs(left) + Math.Abs(right) <= LargestCancellation * Math.Abs(sum);
        return accurate || !double.IsFinite(a) || !double.IsFinite(b) ? sum : OfCancellingTerms(x, a, y, b);
    }

    private static double OfCancellingTerms(double x, double a, double y, double b)
    {
        // A power of two changes no digit, and keeps the products in the range of a double.
        int exponent = -Math.ILogB(Math.Max(a, b));
        (a, b) = (Math.ScaleB(a, exponent), Math.ScaleB(b, exponent));
        var (left, leftError) = Product(b, x);
        var (right, rightError) = Product(a, y);

        // b x + a y as four doubles that do not overlap, the greatest last (Shewchuk 1997, Two-Two-Sum): rounding their sum is the only
        // error.
        var (low, sum0) = Sum(leftError, rightError);
        var (high, middle) = Sum(left, low);
        var (next, sum1) = Sum(middle, right);
        var (sum3, sum2) = Sum(high, next);
        return (sum0 + sum1 + sum2 + sum3) / (a + b);
    }

    /// <summary>x y without error, as the rounded product and what the rounding lost.</summary>
    private static (double Value, double Error) Product(double x, double y)
    {
        double value = x * y;
        return (value, Math.FusedMultiplyAdd(x, y, -value));
    }

    /// <summary>x + y without error, as the rounded sum and what the rounding lost (Knuth).</summary>
    private static (double Value, double Error) Sum(double x, double y)
    {
        double value = x + y, yPart = value - x;
        return (value, x - (value - yPart) + (y - yPart));
    }
}
