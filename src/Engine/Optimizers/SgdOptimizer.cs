using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers;

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

    public void VectorJacobianProduct(
        ReadOnlySpan<float> theta,
        long t,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> w,
        ReadOnlySpan<float> m,
        ReadOnlySpan<float> mNext,
        Span<float> wCotangent,
        Span<float> mCotangent,
        Span<float> gCotangent,
        Span<double> thetaCotangent)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        UpdateLengths.Check<double>(this, layout, thetaCotangent, gCotangent, wCotangent, mCotangent);
        thetaCotangent[0] += HandDesignedPullbacks.Sgd(theta[0], g, wCotangent, gCotangent);
    }

    public void Dispose()
    {
    }
}
