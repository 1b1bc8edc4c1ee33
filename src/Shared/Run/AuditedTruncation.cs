namespace LoptCluster.Shared.Run;

/// <summary>A truncation whose sample is computed again.</summary>
/// <param name="Steps">k of its sample.</param>
/// <param name="Theta">θ that its sample was computed at, with what it asked of it.</param>
public sealed record AuditedTruncation(int Steps, PublishedTheta Theta);
