using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Parameters;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>SGD, w ← w − rate · g: the optimizer of §2.3 and App. A. θ = (ln rate).</summary>
internal sealed class SgdRule : UpdateRule
{
    public override ImmutableArray<HyperParameter> HyperParameters => [HandDesigned.HyperParameters.LearningRate];

    public override ImmutableArray<StateVector> State => [];

    public override void Update(ReadOnlySpan<float> theta, double decay, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m) =>
        VectorKernels.AddScaled(-(float)(Rate(theta).Value * decay), g, w);

    public override void PullBack(in MadeUpdate update, double decay, in UpdateCotangents cotangents)
    {
        var rate = Rate(update.Theta);
        double step = rate.Value * decay;
        cotangents.Theta[0] += rate.PullBack(step * PullBack((float)step, update.G, cotangents.W, cotangents.G));
    }

    private static Limited Rate(ReadOnlySpan<float> theta) => Limited.Scale(DoubleMath.Exp((double)theta[0]));

    /// <summary>
    /// Vector-Jacobian product ḡ = −rate · w̄, where q̄ is the cotangent of q. Returns the cotangent of the rate, −Σ w̄ g, summed in
    /// double.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe double PullBack(float rate, ReadOnlySpan<float> g, ReadOnlySpan<float> wCotangent, Span<float> gCotangent)
    {
        V minusRate = Vector512.Create(-rate);
        D low = D.Zero, high = D.Zero;
        fixed (float* gs = g, wc = wCotangent, gc = gCotangent)
        {
            for (int i = 0; i < g.Length; i += ParameterLayout.Padding)
            {
                V w = Vector512.Load(wc + i);
                DoubleMath.AddProduct(w, Vector512.Load(gs + i), ref low, ref high);
                (minusRate * w).Store(gc + i);
            }
        }

        return -DoubleMath.Sum(low + high);
    }
}
