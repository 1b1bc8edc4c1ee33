using System.Collections.Immutable;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Intake;

/// <summary>
/// Checks whether a sample is the one that its identity and θ ask for, in length and gradients: a worker that chose by itself would bias
/// the estimate, and one that never measured g_rp would keep batches waiting for ever.
/// </summary>
/// <param name="choice">Gradients of each sample.</param>
/// <param name="lengths">Truncation length of each sample.</param>
/// <param name="planOf">What a version of θ from before the last start asks of its samples; null: there is no such version.</param>
internal sealed class MeasurementInspector(MeasurementChoice choice, TruncationLengths lengths, Func<long, SamplePlan?> planOf)
{
    /// <summary>Versions that are remembered: far more than the age of any sample, at some bytes each.</summary>
    private const int MostVersions = 1000;

    /// <summary>Plans of the newest versions, each in the place of its version modulo their number.</summary>
    private readonly SamplePlan[] _recent = new SamplePlan[MostVersions];
    private readonly Dictionary<long, SamplePlan> _earlier = [];
    private long _first = -1, _newest = -1;

    /// <summary>Versions are published without gaps.</summary>
    public void OnPublished(PublishedTheta theta)
    {
        if (_first < 0) _first = theta.Version;
        _newest = theta.Version;
        _recent[_newest % MostVersions] = theta.Plan;
    }

    /// <param name="sample">A sample at a version of θ that exists.</param>
    /// <returns>What is wrong with its gradients; null: nothing.</returns>
    public Refusal? Inspect(GradientSample sample)
    {
        var plan = PlanOf(sample.ThetaVersion);
        var expected = choice.Of(plan, sample.ThetaVersion, sample.Identity);
        if (sample.Gradients.Length == expected.Length && expected.All(e => sample.Measured(e) is not null)) return null;
        return new(
            RefusalReason.Malformed,
            $"the sample carries {Words([.. sample.Gradients.Select(g => g.Estimator)])}; "
            + $"the draw for it at θ version {sample.ThetaVersion} and share {plan.RpShare:0.###} asks for {Words(expected)}");
    }

    /// <param name="sample">A sample that continues its problem.</param>
    /// <param name="stepsLeft">Inner-steps up to the horizon of the problem.</param>
    /// <returns>What is wrong with its length; null: nothing.</returns>
    public Refusal? InspectLength(GradientSample sample, int stepsLeft)
    {
        int expected = lengths.Of(sample.Identity, sample.ThetaVersion, PlanOf(sample.ThetaVersion), stepsLeft);
        if (sample.Steps == expected) return null;
        return new(
            RefusalReason.Malformed,
            $"truncation {sample.Identity.Truncation} of problem {sample.Identity.ProblemId} has k {sample.Steps}; the schedule gives it "
            + $"{expected} at θ version {sample.ThetaVersion}");
    }

    private SamplePlan PlanOf(long version)
    {
        if (version >= Math.Max(_first, _newest - MostVersions + 1) && version <= _newest && _first >= 0)
            return _recent[version % MostVersions];
        if (_earlier.TryGetValue(version, out var known)) return known;
        if (_earlier.Count == MostVersions) _earlier.Clear();
        return _earlier[version] = planOf(version)
            ?? throw new InvalidOperationException($"θ version {version} is not in the run's file.");
    }

    private static string Words(ImmutableArray<EstimatorId> gradients) =>
        gradients.IsEmpty ? "no gradient" : string.Join(", ", gradients.Select(g => $"g_{g}"));
}
