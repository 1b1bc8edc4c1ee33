using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Optimizers;

/// <summary>An inner-optimizer that can be outer-trained: its update has a vector-Jacobian product.</summary>
public interface ILearnedOptimizer : IInnerOptimizer
{
    /// <summary>Fills θ with its random start.</summary>
    void InitializeTheta(ref RandomStream random, Span<float> theta);

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
}
