using LoptCluster.Shared.Specification;

namespace LoptCluster.Shared.Run;

/// <summary>What a run plans from a version of θ on.</summary>
/// <param name="FromVersion">First version of θ that the plan holds for.</param>
/// <param name="OuterUpdates">Outer-updates of the whole run, which the learning rate falls over.</param>
/// <param name="Truncation">Truncation length k from there on.</param>
public sealed record OuterPlan(long FromVersion, long OuterUpdates, TruncationSchedule Truncation)
{
    /// <summary>The plan that a run begins with.</summary>
    public static OuterPlan Of(RunSpecification specification) =>
        new(0, specification.OuterUpdates, TruncationSchedule.Of(specification));

    /// <summary>
    /// The same run with <paramref name="outerUpdates"/> in total: k rises on from where it stands, and its ramp ends at the same share of
    /// the run as before.
    /// </summary>
    /// <param name="version">Version of θ from which the new plan holds.</param>
    /// <param name="outerUpdates">Outer-updates of the whole run; more than <paramref name="version"/>.</param>
    public OuterPlan Prolong(long version, long outerUpdates) =>
        new(version, outerUpdates, Truncation.Stretch(version, (double)outerUpdates / OuterUpdates));

    /// <summary>Share of the run that is behind the update after a version of θ: 0 at the first update, 1 at the last.</summary>
    public double Progress(long version) => OuterUpdates > 1 ? Math.Min(1, (double)version / (OuterUpdates - 1)) : 0;
}
