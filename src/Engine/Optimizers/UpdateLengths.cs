using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers;

/// <summary>Refuses vectors of a wrong length, once a call: the kernels read by pointer.</summary>
internal static class UpdateLengths
{
    /// <param name="theta">θ, or its cotangent: |θ| elements.</param>
    /// <param name="g">Gradient, or its cotangent: PaddedLength.</param>
    /// <param name="w">Inner-parameters, or their cotangent: PaddedLength.</param>
    /// <param name="m">State, or its cotangent: StateVectors × PaddedLength.</param>
    public static void Check<T>(
        IInnerOptimizer optimizer, ParameterLayout layout, ReadOnlySpan<T> theta, ReadOnlySpan<float> g, ReadOnlySpan<float> w,
        ReadOnlySpan<float> m)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, optimizer.ThetaLength, nameof(theta));
        ArgumentOutOfRangeException.ThrowIfNotEqual(g.Length, layout.PaddedLength, nameof(g));
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, layout.PaddedLength, nameof(w));
        ArgumentOutOfRangeException.ThrowIfNotEqual(m.Length, optimizer.StateVectors * layout.PaddedLength, nameof(m));
    }

    /// <summary>Checks all vectors of a vector-Jacobian product.</summary>
    public static void Check(
        IOuterTrainableOptimizer optimizer, ParameterLayout layout, in MadeUpdate update, in UpdateCotangents cotangents)
    {
        Check(optimizer, layout, update.Theta, update.G, update.W, update.M);
        Check(optimizer, layout, update.Theta, update.G, update.W, update.MNext);
        Check<double>(optimizer, layout, cotangents.Theta, cotangents.G, cotangents.W, cotangents.M);
        CheckIntermediates(optimizer, update.Intermediates.Length);
    }

    public static void CheckIntermediates(IOuterTrainableOptimizer optimizer, int length)
    {
        if (length != 0) ArgumentOutOfRangeException.ThrowIfNotEqual(length, optimizer.IntermediatesLength, "intermediates");
    }
}
