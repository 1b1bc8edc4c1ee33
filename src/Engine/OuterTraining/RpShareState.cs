using System.Collections.Immutable;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>What the choice of the share needs of the past. A checkpoint stores it.</summary>
/// <param name="Updates">Batches seen.</param>
/// <param name="Gain">Average of mean_i ln(1 + p r_i) at each p of the grid; empty before the first batch.</param>
/// <param name="Cost">What samples took.</param>
public sealed record RpShareState(long Updates, ImmutableArray<double> Gain, RpCost Cost)
{
    public static RpShareState Start { get; } = new(0, [], default);
}
