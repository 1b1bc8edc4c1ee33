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

    /// <summary>
    /// Pulls cotangents back through one <see cref="IInnerOptimizer.Update"/>.
    /// </summary>
    /// <param name="theta">θ of the update.</param>
    /// <param name="t">Step before the update.</param>
    /// <param name="g">Gradient that the update read.</param>
    /// <param name="w">w(t), before the update.</param>
    /// <param name="m">State before the update.</param>
    /// <param name="mNext">State after the update.</param>
    /// <param name="wCotangent">In: of w(t+1). Out: of w(t), by this update alone (not through g).</param>
    /// <param name="mCotangent">In: of the state after. Out: of the state before.</param>
    /// <param name="gCotangent">Overwritten: cotangent of g.</param>
    /// <param name="thetaCotangent">Added to, in double: |θ| elements.</param>
    void VectorJacobianProduct(
        ReadOnlySpan<float> theta,
        long t,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> w,
        ReadOnlySpan<float> m,
        ReadOnlySpan<float> mNext,
        Span<float> wCotangent,
        Span<float> mCotangent,
        Span<float> gCotangent,
        Span<double> thetaCotangent);

    /// <summary>The same bits, with the intermediate values that the update left; of length 0: without.</summary>
    void VectorJacobianProduct(
        ReadOnlySpan<float> theta,
        long t,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> w,
        ReadOnlySpan<float> m,
        ReadOnlySpan<float> mNext,
        ReadOnlySpan<float> intermediates,
        Span<float> wCotangent,
        Span<float> mCotangent,
        Span<float> gCotangent,
        Span<double> thetaCotangent) =>
        VectorJacobianProduct(theta, t, g, w, m, mNext, wCotangent, mCotangent, gCotangent, thetaCotangent);

    /// <summary>
    /// <paramref name="thetaCotangent"/> alone, the same bits: for the first step of a truncation, behind which nobody asks for the other cotangents. What is
    /// in those afterwards means nothing.
    /// </summary>
    void AddThetaCotangent(
        ReadOnlySpan<float> theta,
        long t,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> w,
        ReadOnlySpan<float> m,
        ReadOnlySpan<float> mNext,
        ReadOnlySpan<float> intermediates,
        Span<float> wCotangent,
        Span<float> mCotangent,
        Span<float> gCotangent,
        Span<double> thetaCotangent) =>
        VectorJacobianProduct(theta, t, g, w, m, mNext, intermediates, wCotangent, mCotangent, gCotangent, thetaCotangent);
}
