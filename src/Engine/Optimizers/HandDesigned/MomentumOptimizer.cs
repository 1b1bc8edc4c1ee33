using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

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

    public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents)
    {
        UpdateLengths.Check(this, layout, update, cotangents);
        var (rate, mu) = HandDesignedPullbacks.Momentum(
            update.Theta[0], update.Theta[1], update.M, update.MNext, cotangents.W, cotangents.M, cotangents.G);
        cotangents.Theta[0] += rate;
        cotangents.Theta[1] += mu;
    }

    public void Dispose()
    {
    }
}
