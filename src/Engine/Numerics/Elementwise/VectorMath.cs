using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Numerics.Elementwise;

/// <summary>
/// Functions exp and log of sixteen floats with the same bits on every machine, and sums and maxima across a vector in a fixed order.
/// </summary>
/// <remarks>
/// The framework's <c>Vector512.Exp</c> works in double (twice the cost), and it and <c>Vector512.Log</c> fuse their multiply-adds only
/// if the machine can, so that machines differ in the last bit. Here every multiply-add is fused on every machine.
/// </remarks>
internal static partial class VectorMath
{
    /// <summary>Floats of a 512-bit vector.</summary>
    public const int Lanes = 16;

    /// <summary>Constant 1.5 · 2²³: adding it rounds to an integer and leaves that in the low bits of the mantissa.</summary>
    private const float Rounder = 12582912f;

    private const float Log2E = 1.44269504f;

    /// <summary>Parts of ln 2 = Ln2High − Ln2Low; the first has so few bits that its multiples by integers are exact.</summary>
    private const float Ln2High = 0.693359375f, Ln2Low = 2.12194440e-4f;

    /// <summary>Exponent below which eˣ is subnormal.</summary>
    private const float LeastExponent = -87.3f;

    // Coefficients of rⁿ in eʳ, n from 2 (Cephes expf).
    private const float Exp2 = 5.0000001201e-1f, Exp3 = 1.6666665459e-1f, Exp4 = 4.1665795894e-2f;
    private const float Exp5 = 8.3334519073e-3f, Exp6 = 1.3981999507e-3f, Exp7 = 1.9875691500e-4f;

    /// <summary>
    /// Computes eˣ for x ≤ 88, within 2 units in the last place; 0 below -87.3 (where the result would be subnormal), NaN for NaN.
    /// </summary>
    /// <remarks>
    /// Cody and Waite: x = n ln 2 + r, |r| ≤ ½ ln 2; eʳ by its minimax polynomial (Cephes expf), times 2ⁿ by the exponent bits.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        var round = Vector512.Create(Rounder);
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), round);
        var n = shifted - round;
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(Ln2Low), r);
        var y = Vector512.Create(Exp7);
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(Exp6));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(Exp5));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(Exp4));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(Exp3));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(Exp2));
        y = Vector512.FusedMultiplyAdd(y, r * r, r) + V.One;
        y = (y.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();
        // The native maximum returns its second operand if that is NaN: 0 for small x, NaN for NaN.
        return Vector512.ConditionalSelect(
            Vector512.GreaterThanOrEqual(x, Vector512.Create(LeastExponent)), y, Vector512.MaxNative(V.Zero, x));
    }

    /// <summary>
    /// Computes ln x for normal positive x, within 2 units in the last place; NaN for NaN and +∞ for +∞; other x are not supported.
    /// </summary>
    /// <remarks>x = 2ⁿ m, √½ ≤ m &lt; √2; ln m by its minimax polynomial in m - 1 (Cephes logf).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log(V x)
    {
        // Counting exponents from √½ yields m and n in two integer operations.
        var bits = x.AsInt32() - Vector512.Create(0x3F3504F3);
        var n = Vector512.ConvertToSingle(bits >> 23);
        var f = ((bits & Vector512.Create(0x007FFFFF)) + Vector512.Create(0x3F3504F3)).AsSingle() - V.One;
        var y = Vector512.Create(7.0376836292e-2f);
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(-1.1514610310e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(1.1676998740e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(-1.2420140846e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(1.4249322787e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(-1.6668057665e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(2.0000714765e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(-2.4999993993e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(3.3333331174e-1f));
        var square = f * f;
        y = Vector512.FusedMultiplyAdd(y * f, square, n * Vector512.Create(-Ln2Low));
        y = Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.5f), y);
        y = Vector512.FusedMultiplyAdd(n, Vector512.Create(Ln2High), f + y);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(float.PositiveInfinity)), y, x);
    }

    /// <summary>Sum of the sixteen elements, adding halves four times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V x)
    {
        var eight = x.GetLower() + x.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return (two + Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>Maximum of the sixteen elements; unspecified or NaN if an element is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(V x)
    {
        var eight = Vector256.MaxNative(x.GetLower(), x.GetUpper());
        var four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
