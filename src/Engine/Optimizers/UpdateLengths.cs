using LoptCluster.Engine.InnerProblems;

namespace LoptCluster.Engine.Optimizers;

/// <summary>Refuses vectors of a wrong length, once a call: the kernels behind read by pointer.</summary>
internal static class UpdateLengths
{
    /// <param name="theta">θ, or its cotangent: |θ| elements.</param>
    /// <param name="g">Gradient, or its cotangent: PaddedLength.</param>
    /// <param name="w">Inner-parameters, or their cotangent: PaddedLength.</param>
    /// <param name="m">State, or its cotangent: StateVectors × PaddedLength.</param>
    public static void Check<T>(
        IInnerOptimizer optimizer, ParameterLayout layout, ReadOnlySpan<T> theta, ReadOnlySpan<float> g, ReadOnlySpan<float> w, ReadOnlySpan<float> m)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, optimizer.ThetaLength, nameof(theta));
        ArgumentOutOfRangeException.ThrowIfNotEqual(g.Length, layout.PaddedLength, nameof(g));
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, layout.PaddedLength, nameof(w));
        ArgumentOutOfRangeException.ThrowIfNotEqual(m.Length, optimizer.StateVectors * layout.PaddedLength, nameof(m));
    }
}
