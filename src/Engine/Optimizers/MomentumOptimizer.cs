using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers;

/// <summary>Heavy ball: v ← μ v + g; w ← w − rate · v. θ = (rate, μ) (Fig. 2, App. B).</summary>
internal sealed class MomentumOptimizer(ParameterLayout layout) : ILearnedOptimizer
{
    public int ThetaLength => 2;

    public int StateVectors => 1;

    public void InitializeTheta(ref RandomStream random, Span<float> theta)
    {
        theta[0] = 1e-3f;
        theta[1] = 0.9f;
    }

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        HandDesignedKernels.Momentum(theta[0], theta[1], g, w, m);
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
        UpdateLengths.Check(this, layout, theta, g, wCotangent, m);
        UpdateLengths.Check<double>(this, layout, thetaCotangent, gCotangent, wCotangent, mNext);
        UpdateLengths.Check<double>(this, layout, thetaCotangent, gCotangent, wCotangent, mCotangent);
        var (rate, mu) = HandDesignedPullbacks.Momentum(theta[0], theta[1], m, mNext, wCotangent, mCotangent, gCotangent);
        thetaCotangent[0] += rate;
        thetaCotangent[1] += mu;
    }

    public void Dispose()
    {
    }
}
