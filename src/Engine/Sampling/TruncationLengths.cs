using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Sampling;

/// <summary>
/// Truncation length k of each sample (App. D.3): that of θ's plan or of the schedule, times a random factor that follows from the sample's
/// identity. Workers compute it, and the coordinator checks it.
/// </summary>
public sealed class TruncationLengths(RunSpecification specification)
{
    private readonly TruncationSchedule _schedule = TruncationSchedule.Of(specification);

    /// <param name="sample">Identity of the sample.</param>
    /// <param name="version">Version of the θ that it is measured at.</param>
    /// <param name="plan">What that θ asks of its samples.</param>
    /// <param name="stepsLeft">Inner-steps up to the horizon of its problem.</param>
    /// <returns>Inner-steps, from 1 to <paramref name="stepsLeft"/>.</returns>
    public int Of(SampleIdentity sample, long version, SamplePlan plan, int stepsLeft)
    {
        var random = new RandomStream(specification.Seed, RandomPurpose.TruncationJitter, sample.ProblemId, sample.Truncation);
        double factor = 1 + (specification.TruncationJitter * ((2 * random.NextDouble()) - 1));
        return TruncationSchedule.Steps(plan.TruncationSteps ?? _schedule.BaseSteps(version), factor, stepsLeft);
    }
}
