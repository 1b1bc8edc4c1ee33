using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers;

/// <summary>w ← w − θ g, θ = (learning rate): the optimizer of §2.3 and App. A.</summary>
internal sealed class SgdOptimizer(ParameterLayout layout) : ILearnedOptimizer
{
    public int ThetaLength => 1;

    public int StateVectors => 0;

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => theta[0] = 1e-2f;

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, layout.PaddedLength);
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
        double sum = 0;
        for (int i = 0; i < g.Length; i++)
        {
            sum -= (double)wCotangent[i] * g[i];
            gCotangent[i] = -theta[0] * wCotangent[i];
        }

        thetaCotangent[0] += sum;
    }

    public void Dispose()
    {
    }
}
