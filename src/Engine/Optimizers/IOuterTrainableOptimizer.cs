namespace LoptCluster.Engine.Optimizers;

/// <summary>An inner-optimizer that can be outer-trained: its update has a vector-Jacobian product.</summary>
public interface IOuterTrainableOptimizer : IInnerOptimizer
{
    /// <summary>
    /// Number of floats that an update can leave for its vector-Jacobian product, which then need not compute them again; 0: none.
    /// </summary>
    int IntermediatesLength => 0;

    /// <summary>
    /// <see cref="IInnerOptimizer.Update"/> out of place, with the same bits: <paramref name="wNext"/> and <paramref name="mNext"/> overlap
    /// no other vector. Fills <paramref name="intermediates"/> [<see cref="IntermediatesLength"/>], unless its length is 0.
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

    /// <summary>
    /// Pulls cotangents back through one update. The bits do not depend on whether the update's intermediate values are given.
    /// </summary>
    void VectorJacobianProduct(in MadeUpdate update, in UpdateCotangents cotangents);

    /// <summary>
    /// θ's cotangent alone, with the same bits: for the first step of a truncation, before which the others are not needed. Their contents
    /// are undefined afterwards.
    /// </summary>
    void AddThetaCotangent(in MadeUpdate update, in UpdateCotangents cotangents) => VectorJacobianProduct(update, cotangents);
}
