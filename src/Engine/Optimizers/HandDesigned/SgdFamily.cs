using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Family of SGD, w ← w − rate · g: the optimizer of §2.3 and App. A.</summary>
internal sealed class SgdFamily()
    : HandDesignedFamily("sgd", "SGD", [new("learningRate", 1e-3, HyperParameterTransform.Identity)], []), IOuterTrainableFamily
{
    public OptimizerKind Kind => OptimizerKind.Sgd;

    public IOuterTrainableOptimizer Create(ParameterLayout layout, UpdateSettings settings) => new Optimizer(this, layout);

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

    private sealed class Optimizer(SgdFamily family, ParameterLayout layout)
        : HandDesignedOptimizer(family, layout), IOuterTrainableOptimizer
    {
        public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
        {
            UpdateLengths.Check(this, Layout, theta, g, w, m);
            VectorKernels.AddScaled(-theta[0], g, w);
        }

        public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents)
        {
            UpdateLengths.Check(this, Layout, update, cotangents);
            cotangents.Theta[0] += PullBack(update.Theta[0], update.G, cotangents.W, cotangents.G);
        }
    }
}
