using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<double>;

namespace LoptCluster.Engine.Numerics.Elementwise;

/// <summary>
/// Functions of eight doubles with the same bits on every machine: every multiply-add is fused explicitly.
/// </summary>
internal static unsafe class DoubleMath
{
    private const double Overflow = 709.78271289338397;
    private const double Underflow = -708.0;
    private const double Ln2 = 0.69314718055994530942;

    public const double Ln10 = 2.3025850929940456840;

    /// <summary>
    /// Computes eˣ within 2 units in the last place: +∞ above 709.78, 0 below -708 (where the result would be subnormal), NaN for NaN.
    /// </summary>
    /// <remarks>
    /// Cody and Waite: x = n ln 2 + r, |r| ≤ ½ ln 2; eʳ by its Taylor polynomial of degree 13 (remainder below 5e-18); 2ⁿ in two factors.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        // Adding 1.5 · 2⁵² rounds to an integer and leaves it in the low bits of the mantissa. NaN passes through the minimum and the
        // maximum.
        var limited = Vector512.MinNative(Vector512.Create(710.0), Vector512.MaxNative(Vector512.Create(-709.0), x));
        var round = Vector512.Create(6755399441055744.0);
        var shifted = Vector512.FusedMultiplyAdd(limited, Vector512.Create(1.4426950408889634), round);
        var n = shifted - round;
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.69314718055966295651160180568695), limited);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-2.8235290563031577122588448175013e-13), r);
        var y = Vector512.Create(1.0 / 6227020800);
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 479001600));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 39916800));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 3628800));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 362880));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 40320));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 5040));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 720));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 120));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 24));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.0 / 6));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(0.5));
        y = Vector512.FusedMultiplyAdd(y, r, V.One);
        y = Vector512.FusedMultiplyAdd(y, r, V.One);

        // The factor 2ⁿ is applied in two halves: n reaches 1024, which no exponent can represent.
        var power = shifted.AsInt64() - round.AsInt64();
        var half = power >> 1;
        y *= ((half + Vector512.Create(1023L)) << 52).AsDouble();
        y *= ((power - half + Vector512.Create(1023L)) << 52).AsDouble();
        y = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(Underflow)), V.Zero, y);
        y = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(Overflow)), Vector512.Create(double.PositiveInfinity), y);
        return Vector512.ConditionalSelect(Vector512.Equals(x, x), y, x);
    }

    /// <summary>Computes eˣ of one number.</summary>
    public static double Exp(double x) => Exp(Vector512.Create(x)).ToScalar();

    /// <summary>
    /// Computes tanh x = sign(x) (1 − q) / (1 + q), q = exp(−2|x|): no overflow; error within 1e-15, and within 1e-15 / |x| relative.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        var q = Exp(Vector512.Abs(x) * Vector512.Create(-2.0));
        return Vector512.CopySign((V.One - q) / (V.One + q), x);
    }

    /// <summary>
    /// Computes log10 x of a positive normal number, within 1e-15 of its larger part; −∞ for 0, +∞ and NaN as they are, NaN below 0.
    /// </summary>
    /// <remarks>x = 2ⁿ m, √½ ≤ m &lt; √2; ln m = 2 artanh s, s = (m − 1) / (m + 1), by its series (remainder below 1e-18).</remarks>
    public static double Log10(double x)
    {
        if (!(x > 0) || double.IsInfinity(x)) return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        long bits = BitConverter.DoubleToInt64Bits(x);
        long n = (bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        if (m > 1.4142135623730951) (m, n) = (m / 2, n + 1);
        double s = (m - 1) / (m + 1), square = s * s, y = 0;
        for (int k = 23; k >= 1; k -= 2) y = Math.FusedMultiplyAdd(y, square, 1.0 / k);
        return Math.FusedMultiplyAdd(n, Ln2, 2 * s * y) / Ln10;
    }

    /// <summary>Computes cos πx for 0 ≤ x ≤ 1, within 1e-15; exact at 0, ½ and 1.</summary>
    /// <remarks>By the Taylor series of cos or sin on [0, ¼π]: remainder below 1e-17.</remarks>
    public static double CosPi(double x)
    {
        if (x > 0.5) return -CosPi(1 - x);
        double a = Math.PI * (x <= 0.25 ? x : 0.5 - x);
        return x <= 0.25 ? Series(a * a, 16) : a * Series(a * a, 17);

        // Of cos from the even powers, of sin(a) / a from the odd ones: 1 − a²/(k−1)k (1 − …), from the last k to 2 or 3.
        static double Series(double square, int last)
        {
            double y = 1;
            for (int k = last; k > 1; k -= 2) y = 1 - (y * square / (k * (k - 1)));
            return y;
        }
    }

    /// <summary>Computes xⁿ by squaring: the same bits on every machine, which Math.Pow does not guarantee.</summary>
    public static double Power(double x, long n)
    {
        double result = 1;
        for (; n > 0; n >>= 1, x *= x)
        {
            if ((n & 1) != 0) result *= x;
        }

        return result;
    }

    /// <summary>Loads eight floats from <paramref name="from"/> as doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ToDouble(float* from)
    {
        var eight = Vector256.Load(from);
        return Vector512.Create(Vector256.WidenLower(eight), Vector256.WidenUpper(eight));
    }

    /// <summary>Stores eight doubles, rounded to floats, at <paramref name="to"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFloat(V x, float* to) => Vector256.Narrow(x.GetLower(), x.GetUpper()).Store(to);

    /// <summary>Adds the sixteen products of two vectors of floats to two vectors of eight double sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(Vector512<float> a, Vector512<float> b, ref V low, ref V high)
    {
        low = Vector512.FusedMultiplyAdd(Vector512.WidenLower(a), Vector512.WidenLower(b), low);
        high = Vector512.FusedMultiplyAdd(Vector512.WidenUpper(a), Vector512.WidenUpper(b), high);
    }

    /// <summary>Sum of the eight elements, adding halves three times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(V x)
    {
        var four = x.GetLower() + x.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two.GetElement(0) + two.GetElement(1);
    }
}
