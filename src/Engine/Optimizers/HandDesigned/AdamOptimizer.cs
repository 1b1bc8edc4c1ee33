using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Adam whose hyper-parameters are θ = (ln rate, ln(1−β1), ln(1−β2), ln ε) (Fig. 2d, 3, 18); bias-corrected, ε outside the root.</summary>
/// <remarks>Logarithms, because a step of θ then changes each by a factor, and no value of θ leaves the allowed range (1 − β is cut to 1).</remarks>
internal sealed class AdamOptimizer(ParameterLayout layout) : ILearnedOptimizer
{
    public int ThetaLength => 4;

    public int StateVectors => 2;

    /// <summary>θ of given hyper-parameters.</summary>
    public static float[] Theta(double rate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        [(float)Math.Log(rate), (float)Math.Log(1 - beta1), (float)Math.Log(1 - beta2), (float)Math.Log(epsilon)];

    public void InitializeTheta(ref RandomStream random, Span<float> theta) => Theta(1e-3).CopyTo(theta);

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        var c = AdamConstants.Of(theta, t);
        HandDesignedKernels.Adam(
            (float)c.Rate,
            ((float)(1 - c.Take1), (float)c.Take1),
            ((float)(1 - c.Take2), (float)c.Take2),
            (float)c.Epsilon,
            (float)(1 / c.Bias1),
            (float)(1 / c.Bias2),
            g,
            w,
            m);
    }

    public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents)
    {
        UpdateLengths.Check(this, layout, update, cotangents);
        var c = AdamConstants.Of(update.Theta, update.T);
        var theta = HandDesignedPullbacks.Adam(c, update.G, update.M, update.MNext, cotangents.W, cotangents.M, cotangents.G);
        c.AddThetaCotangent(theta, cotangents.Theta);
    }

    public void Dispose()
    {
    }
}
