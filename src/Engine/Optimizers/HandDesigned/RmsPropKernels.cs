using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Parameters;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>
/// Fused kernels of RMSProp: the update and its vector-Jacobian product. Lengths are multiples of 16; zero padding stays zero.
/// </summary>
internal static unsafe class RmsPropKernels
{
    private const double Beta = 0.9, OneMinusBeta = 0.1;
    private const int Doubles = 8;

    /// <summary>Updates v ← β v + (1 − β) g²; w ← w − rate · g / √(v + ε).</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Update(float rate, float epsilon, ReadOnlySpan<float> g, Span<float> w, Span<float> v)
    {
        V beta = Vector512.Create((float)Beta), oneMinusBeta = Vector512.Create((float)OneMinusBeta);
        V eps = Vector512.Create(epsilon), scale = Vector512.Create(rate);
        fixed (float* gs = g, ws = w, vs = v)
        {
            for (int i = 0; i < g.Length; i += ParameterLayout.Padding)
            {
                V x = Vector512.Load(gs + i);
                V second = Vector512.FusedMultiplyAdd(beta, Vector512.Load(vs + i), oneMinusBeta * x * x);
                second.Store(vs + i);
                (Vector512.Load(ws + i) - (scale * x / Vector512.Sqrt(second + eps))).Store(ws + i);
            }
        }
    }

    /// <summary>
    /// Vector-Jacobian product, in double throughout, where q̄ is the cotangent of q and r = 1 / √(v′ + ε): ε̄ = ½ rate · w̄ g r³;
    /// v̄′ = v̄ + ε̄; v̄ = β v̄′; ḡ = 2 (1 − β) g v̄′ − rate · w̄ r. Returns the cotangents of the rate, −Σ w̄ g r, and of ε, summed in a
    /// fixed order. v′ = 0 is no exception, because ε is positive.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static (double Rate, double Epsilon) PullBack(
        double rate, double epsilon, ReadOnlySpan<float> g, ReadOnlySpan<float> vNext,
        ReadOnlySpan<float> wCotangent, Span<float> vCotangent, Span<float> gCotangent)
    {
        D scale = Vector512.Create(rate), halfScale = Vector512.Create(0.5 * rate), eps = Vector512.Create(epsilon);
        D beta = Vector512.Create(Beta), twiceOneMinusBeta = Vector512.Create(2 * OneMinusBeta), rateSum = D.Zero, epsilonSum = D.Zero;
        fixed (float* gs = g, nexts = vNext, wc = wCotangent, vc = vCotangent, gc = gCotangent)
        {
            for (int i = 0; i < g.Length; i += Doubles)
            {
                D x = DoubleMath.ToDouble(gs + i), reciprocal = D.One / Vector512.Sqrt(DoubleMath.ToDouble(nexts + i) + eps);
                D pulled = DoubleMath.ToDouble(wc + i) * reciprocal, change = pulled * x;
                rateSum -= change;
                D byEpsilon = halfScale * change * reciprocal * reciprocal;
                epsilonSum += byEpsilon;
                D after = DoubleMath.ToDouble(vc + i) + byEpsilon;
                DoubleMath.ToFloat((twiceOneMinusBeta * x * after) - (scale * pulled), gc + i);
                DoubleMath.ToFloat(beta * after, vc + i);
            }
        }

        return (DoubleMath.Sum(rateSum), DoubleMath.Sum(epsilonSum));
    }
}
