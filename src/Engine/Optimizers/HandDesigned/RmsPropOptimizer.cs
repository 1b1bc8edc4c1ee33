using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>RMSProp with TensorFlow's constants (decay 0.9, ε 1e-10 inside the root, no momentum): a baseline of §4.4. θ = (learning rate).</summary>
internal sealed class RmsPropOptimizer(ParameterLayout layout) : IInnerOptimizer
{
    private const float Decay = 0.9f;
    private const float Epsilon = 1e-10f;

    public int ThetaLength => 1;

    public int StateVectors => 1;

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        HandDesignedKernels.RmsProp(theta[0], Decay, Epsilon, g, w, m);
    }

    public void Dispose()
    {
    }
}
