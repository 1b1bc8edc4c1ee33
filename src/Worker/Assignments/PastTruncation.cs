using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Assignments;

/// <summary>A truncation whose sample was counted: what it takes to compute the state at its end again.</summary>
/// <param name="Theta">θ that the sample was computed at.</param>
/// <param name="Steps">k of the sample.</param>
internal sealed record PastTruncation(ThetaSnapshot Theta, int Steps);
