using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Verification;

/// <summary>What the production estimator measured on a golden truncation, and the state at its end.</summary>
/// <param name="Sample">The sample, as a worker would send it.</param>
/// <param name="FinalW">w at the end of the positive side, compact.</param>
/// <param name="FinalM">The optimizer's state there, compact.</param>
internal sealed record GoldenSample(GradientSample Sample, float[] FinalW, float[] FinalM);
