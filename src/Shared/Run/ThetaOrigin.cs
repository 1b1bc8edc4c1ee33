namespace LoptCluster.Shared.Run;

/// <summary>The θ that a run began from instead of an initial one.</summary>
/// <param name="File">Name of the θ file, or of the run folder.</param>
/// <param name="Sha256">SHA-256 of the little-endian float32 values, lower-case hex.</param>
/// <param name="Version">Outer-updates that had made it.</param>
/// <param name="RunId">Run that had made it; "" if unknown.</param>
/// <param name="RunName">Name of that run's preset; "" if unknown.</param>
public sealed record ThetaOrigin(string File, string Sha256, long Version, string RunId, string RunName);
