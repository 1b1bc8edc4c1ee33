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
        theta[0] = 1e-2f;
        theta[1] = 0.9f;
    }

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, layout.PaddedLength);
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
        float rate = theta[0], mu = theta[1];
        double rateSum = 0, muSum = 0;
        for (int i = 0; i < g.Length; i++)
        {
            rateSum -= (double)wCotangent[i] * mNext[i];
            float v = mCotangent[i] - (rate * wCotangent[i]);
            muSum += (double)v * m[i];
            mCotangent[i] = mu * v;
            gCotangent[i] = v;
        }

        thetaCotangent[0] += rateSum;
        thetaCotangent[1] += muSum;
    }

    public void Dispose()
    {
    }
}
