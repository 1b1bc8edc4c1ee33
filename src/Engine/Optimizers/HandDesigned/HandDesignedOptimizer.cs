using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>A rule alone, with a constant learning rate; needs no scratch memory.</summary>
internal sealed class HandDesignedOptimizer(UpdateRule rule, ParameterLayout layout) : IOuterTrainableOptimizer
{
    public int ThetaLength { get; } = rule.HyperParameters.Length;

    public int StateVectors { get; } = rule.State.Length;

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        UpdateLengths.Check(this, layout, theta, g, w, m);
        rule.Update(theta, decay: 1, t, g, w, m);
    }

    public void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents)
    {
        UpdateLengths.Check(this, layout, update, cotangents);
        rule.PullBack(update, decay: 1, cotangents);
    }

    public void Dispose()
    {
    }
}
