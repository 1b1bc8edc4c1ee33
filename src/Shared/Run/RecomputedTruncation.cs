namespace LoptCluster.Shared.Run;

/// <summary>A truncation to compute once more without gradients.</summary>
/// <param name="Steps">k of its sample.</param>
/// <param name="Theta">θ that its sample was computed at.</param>
public sealed record RecomputedTruncation(int Steps, ThetaSnapshot Theta);
