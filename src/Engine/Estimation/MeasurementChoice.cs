using System.Collections.Immutable;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Estimation;

/// <summary>Which gradients a sample measures in its unroll: all that its estimator knows, or, for a share of the samples, none.</summary>
/// <remarks>
/// The draw is keyed by the run's seed and the sample's identity: any worker agrees, and the sample's values play no part, so ḡ_rp stays
/// unbiased. Asynchronous mode: each sample by itself, with probability p. Synchronous mode: exactly <see cref="LanesOf"/> lanes of each
/// update, drawn without replacement.
/// </remarks>
/// <param name="measured">Gradients that the estimator can measure in the unroll.</param>
/// <param name="seed">Seed of the run.</param>
/// <param name="lanes">S in synchronous mode; null: each sample is drawn by itself.</param>
public sealed class MeasurementChoice(ImmutableArray<EstimatorId> measured, long seed, int? lanes)
{
    public static MeasurementChoice From(RunSpecification specification) => new(
        EstimatorRegistry.Find(specification.Estimator).Measured,
        specification.Seed,
        specification.Mode == RunMode.Synchronous ? specification.BatchSamples : null);

    /// <summary>The gradients that a sample measures.</summary>
    /// <param name="plan">What the sample's version of θ asks for.</param>
    /// <param name="thetaVersion">Version of θ that the sample is computed at.</param>
    /// <param name="sample">Identity of the sample.</param>
    public ImmutableArray<EstimatorId> Of(SamplePlan plan, long thetaVersion, SampleIdentity sample) =>
        measured.IsEmpty || plan.RpShare >= 1 || IsDrawn(plan.RpShare, thetaVersion, sample) ? measured : [];

    /// <summary>
    /// n of S lanes that measure g_rp in synchronous mode: p S rounded, at least <see cref="RunSpecification.LeastRpSamples"/>.
    /// </summary>
    public static int LanesOf(double share, int batchSamples) =>
        Math.Clamp((int)Math.Round(share * batchSamples), Math.Min(RunSpecification.LeastRpSamples, batchSamples), batchSamples);

    private bool IsDrawn(double share, long thetaVersion, SampleIdentity sample)
    {
        if (lanes is not { } all)
            return new RandomStream(seed, RandomPurpose.RpChoice, sample.ProblemId, sample.Truncation).NextDouble() < share;
        int[] drawn = new int[LanesOf(share, all)];
        new RandomStream(seed, RandomPurpose.RpChoice, thetaVersion).Choose(all, drawn);
        return drawn.Contains((int)(sample.ProblemId % all));
    }
}
