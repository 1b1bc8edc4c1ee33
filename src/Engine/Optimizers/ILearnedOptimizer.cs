using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers;

/// <summary>An inner-optimizer that can be outer-trained: its update has a vector-Jacobian product.</summary>
public interface ILearnedOptimizer : IInnerOptimizer
{
    /// <summary>
    /// Floats of the intermediate values that an update can leave to its vector-Jacobian product, which is spared their computation; 0: there are none.
    /// </summary>
    int IntermediatesLength => 0;

    /// <summary>Fills θ with its random start.</summary>
    void InitializeTheta(ref RandomStream random, Span<float> theta);

    /// <summary>
    /// The bits of <see cref="IInnerOptimizer.Update"/>, written to <paramref name="wNext"/> and <paramref name="mNext"/>, which overlap no other
    /// vector; leaves <paramref name="intermediates"/> [<see cref="IntermediatesLength"/>]; of length 0: leaves nothing.
    /// </summary>
    void Update(
        ReadOnlySpan<float> theta,
        long t,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> w,
        ReadOnlySpan<float> m,
        Span<float> wNext,
        Span<float> mNext,
        Span<float> intermediates)
    {
        w.CopyTo(wNext);
        m.CopyTo(mNext);
        Update(theta, t, g, wNext, mNext);
    }

    /// <summary>Pulls cotangents back through one update; the same bits with its intermediate values and without.</summary>
    void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents);

    /// <summary>
    /// θ's cotangent alone, the same bits: for the first step of a truncation, behind which nobody asks for the others. What is in those afterwards
    /// means nothing.
    /// </summary>
    void AddThetaCotangent(in MadeUpdate update, in UpdateCotangents cotangents) => VectorJacobianProduct(update, cotangents);
}
