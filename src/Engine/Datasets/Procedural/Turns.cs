using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>Sine and cosine of angles in turns (1 = 2π), the same bits on every machine.</summary>
/// <remarks>
/// Uses only rounded IEEE multiplications and additions, never fused, so that results do not depend on the processor or the C library.
/// </remarks>
internal static class Turns
{
    private const float TwoPi = 6.2831853f;

    /// <summary>sin 2πt and cos 2πt by Taylor series on an eighth of a turn; absolute error below 1e-6 for |t| ≤ 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Sin, Vector512<float> Cos) SinCos(Vector512<float> t)
    {
        var quarters = Vector512.Round(t * 4f);
        var quadrant = Vector512.ConvertToInt32(quarters);
        var a = (t - (quarters * 0.25f)) * TwoPi;
        var a2 = a * a;

        var sine = ((((((a2 * (1f / 362_880f)) - Vector512.Create(1f / 5_040f)) * a2) + Vector512.Create(1f / 120f)) * a2)
            - Vector512.Create(1f / 6f)) * a2;
        sine = (sine * a) + a;
        var cosine = (((((((a2 * (1f / 40_320f)) - Vector512.Create(1f / 720f)) * a2) + Vector512.Create(1f / 24f)) * a2)
            - Vector512.Create(0.5f)) * a2) + Vector512<float>.One;

        var odd = Vector512.Equals(quadrant & Vector512<int>.One, Vector512<int>.One).AsSingle();
        var sineSign = (quadrant & Vector512.Create(2)) << 30;
        var cosineSign = ((quadrant + Vector512<int>.One) & Vector512.Create(2)) << 30;
        return (
            (Vector512.ConditionalSelect(odd, cosine, sine).AsInt32() ^ sineSign).AsSingle(),
            (Vector512.ConditionalSelect(odd, sine, cosine).AsInt32() ^ cosineSign).AsSingle());
    }

    public static (float Sin, float Cos) SinCos(float t)
    {
        var (sin, cos) = SinCos(Vector512.Create(t));
        return (sin.ToScalar(), cos.ToScalar());
    }
}
