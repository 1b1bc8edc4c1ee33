namespace LoptCluster.Shared.Run;

/// <summary>
/// A vector that an estimator carries from truncation to truncation beside its particles. Mutable; owned by its <see cref="InnerState"/>.
/// </summary>
public sealed record Accumulator(string Name, float[] Values);
