using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>w ← w − θ g, θ = (learning rate): the optimizer of §2.3 and App. A.</summary>
internal sealed class SgdOptimizer(ParameterLayout layout) : ILearnedOptimizer
{
    public int ThetaLength => 1;

    public int StateVectors => 0;

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => theta[0] = 1e-3f;

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        VectorKernels.AddScaled(-theta[0], g, w);
    }

    public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents)
    {
        UpdateLengths.Check(this, layout, update, cotangents);
        cotangents.Theta[0] += HandDesignedPullbacks.Sgd(update.Theta[0], update.G, cotangents.W, cotangents.G);
    }

    public void Dispose()
    {
    }
}
