using System.Collections.Immutable;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>What an outer-optimizer needs of the past. A checkpoint stores it.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="Vectors">Moments of |θ| elements each, in the optimizer's order; never written to.</param>
public sealed record OuterOptimizerState(long Step, ImmutableArray<double[]> Vectors)
{
    /// <summary>The state before the first update: every moment is zero.</summary>
    public static OuterOptimizerState Zero(IOuterOptimizer optimizer, int thetaLength) =>
        new(0, [.. Enumerable.Range(0, optimizer.StateVectors).Select(_ => new double[thetaLength])]);
}
