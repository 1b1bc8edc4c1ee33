using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Family of SGD with heavy-ball momentum: v ← μ v + g; w ← w − rate · v (Fig. 2, App. B).</summary>
internal sealed unsafe class MomentumFamily() : HandDesignedFamily(
    "momentum",
    "SGD + momentum",
    [new("learningRate", 1e-3, HyperParameterTransform.Identity), new("momentum", 0.9, HyperParameterTransform.Identity)],
    [new("v")]), IOuterTrainableFamily
{
    private const int Lanes = ParameterLayout.Padding;

    public OptimizerKind Kind => OptimizerKind.Momentum;

    public IOuterTrainableOptimizer Create(ParameterLayout layout, UpdateSettings settings) => new Optimizer(this, layout);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Update(float rate, float mu, ReadOnlySpan<float> g, Span<float> w, Span<float> v)
    {
        V minusRate = Vector512.Create(-rate), decay = Vector512.Create(mu);
        fixed (float* gs = g, ws = w, vs = v)
        {
            for (int i = 0; i < g.Length; i += Lanes)
            {
                V next = Vector512.FusedMultiplyAdd(decay, Vector512.Load(vs + i), Vector512.Load(gs + i));
                next.Store(vs + i);
                Vector512.FusedMultiplyAdd(minusRate, next, Vector512.Load(ws + i)).Store(ws + i);
            }
        }
    }

    /// <summary>
    /// Vector-Jacobian product v̄′ = v̄ − rate · w̄; v̄ = μ v̄′; ḡ = v̄′, where q̄ is the cotangent of q. Returns the cotangents of the
    /// rate, −Σ w̄ v′, and of μ, Σ v̄′ v, summed in double.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static (double Rate, double Mu) PullBack(
        float rate, float mu, ReadOnlySpan<float> v, ReadOnlySpan<float> vNext,
        ReadOnlySpan<float> wCotangent, Span<float> vCotangent, Span<float> gCotangent)
    {
        V minusRate = Vector512.Create(-rate), decay = Vector512.Create(mu);
        D rateLow = D.Zero, rateHigh = D.Zero, muLow = D.Zero, muHigh = D.Zero;
        fixed (float* vs = v, next = vNext, wc = wCotangent, vc = vCotangent, gc = gCotangent)
        {
            for (int i = 0; i < v.Length; i += Lanes)
            {
                V w = Vector512.Load(wc + i);
                DoubleMath.AddProduct(w, Vector512.Load(next + i), ref rateLow, ref rateHigh);
                V after = Vector512.FusedMultiplyAdd(minusRate, w, Vector512.Load(vc + i));
                DoubleMath.AddProduct(after, Vector512.Load(vs + i), ref muLow, ref muHigh);
                (decay * after).Store(vc + i);
                after.Store(gc + i);
            }
        }

        return (-DoubleMath.Sum(rateLow + rateHigh), DoubleMath.Sum(muLow + muHigh));
    }

    private sealed class Optimizer(MomentumFamily family, ParameterLayout layout)
        : HandDesignedOptimizer(family, layout), IOuterTrainableOptimizer
    {
        public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
        {
            UpdateLengths.Check(this, Layout, theta, g, w, m);
            MomentumFamily.Update(theta[0], theta[1], g, w, m);
        }

        public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents)
        {
            UpdateLengths.Check(this, Layout, update, cotangents);
            var (rate, mu) = PullBack(
                update.Theta[0], update.Theta[1], update.M, update.MNext, cotangents.W, cotangents.M, cotangents.G);
            cotangents.Theta[0] += rate;
            cotangents.Theta[1] += mu;
        }
    }
}
