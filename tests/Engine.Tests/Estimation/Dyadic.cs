using System.Numerics;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

/// <summary>mantissa · 2^exponent: what any finite double is, and sums and products of such numbers without rounding.</summary>
internal readonly record struct Dyadic(BigInteger Mantissa, int Exponent)
{
    private const int MantissaBits = 52;
    private const int LeastExponent = -1074;

    public static Dyadic Of(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> MantissaBits) & 0x7FF;
        Assert.NotEqual(0x7FF, exponent);
        long mantissa = bits & ((1L << MantissaBits) - 1);
        if (exponent > 0) mantissa |= 1L << MantissaBits;
        return new Dyadic(value < 0 ? -mantissa : mantissa, Math.Max(exponent - 1, 0) + LeastExponent);
    }

    public static Dyadic operator +(Dyadic x, Dyadic y)
    {
        int exponent = Math.Min(x.Exponent, y.Exponent);
        return new Dyadic((x.Mantissa << (x.Exponent - exponent)) + (y.Mantissa << (y.Exponent - exponent)), exponent);
    }

    public static Dyadic operator -(Dyadic x, Dyadic y) => x + new Dyadic(-y.Mantissa, y.Exponent);

    public static Dyadic operator *(Dyadic x, Dyadic y) => new(x.Mantissa * y.Mantissa, x.Exponent + y.Exponent);

    public static bool operator <=(Dyadic x, Dyadic y) => (x - y).Mantissa.Sign <= 0;

    public static bool operator >=(Dyadic x, Dyadic y) => y <= x;

    public Dyadic Magnitude() => new(BigInteger.Abs(Mantissa), Exponent);
}
