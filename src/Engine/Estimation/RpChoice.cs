using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Estimation;

/// <summary>Which samples compute g_rp, at a share p of them that goes with θ (<see cref="ThetaSnapshot.RpShare"/>).</summary>
/// <remarks>
/// A draw keyed by the run's seed and the sample's identity: any worker agrees, nothing about the sample's values is looked at, so ḡ_rp stays unbiased.
/// Asynchronous mode: each sample by itself, with probability p. Synchronous mode: exactly <see cref="Lanes"/> lanes of each update, drawn without replacement.
/// </remarks>
public static class RpChoice
{
    /// <summary>Will this sample, computed at this θ, have a g_rp?</summary>
    public static bool Computes(RunSpecification specification, ThetaSnapshot theta, SampleIdentity sample)
    {
        if (specification.Estimator == Estimator.Es) return false;
        if (specification.RpShare == RpSharePolicy.All || theta.RpShare >= 1) return true;
        return specification.Mode == RunMode.Synchronous
            ? IsDrawn(specification, theta, (int)(sample.ProblemId % specification.BatchSamples))
            : new RandomStream(specification.Seed, RandomPurpose.RpChoice, sample.ProblemId, sample.Truncation).NextDouble() < theta.RpShare;
    }

    /// <summary>n of S lanes that compute g_rp in synchronous mode: p S rounded, at least <see cref="RunSpecification.LeastRpSamples"/>.</summary>
    public static int Lanes(double share, int batchSamples) =>
        Math.Clamp((int)Math.Round(share * batchSamples), Math.Min(RunSpecification.LeastRpSamples, batchSamples), batchSamples);

    private static bool IsDrawn(RunSpecification specification, ThetaSnapshot theta, int lane)
    {
        int[] drawn = new int[Lanes(theta.RpShare, specification.BatchSamples)];
        new RandomStream(specification.Seed, RandomPurpose.RpChoice, theta.Version).Choose(specification.BatchSamples, drawn);
        return drawn.Contains(lane);
    }
}
