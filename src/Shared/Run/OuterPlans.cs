using System.Collections.Immutable;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Shared.Run;

/// <summary>The plans of a run, oldest first: the one of its specification, and one for each time that it was prolonged.</summary>
/// <remarks>A version of θ follows the newest plan that holds for it, so an update never depends on when it is computed.</remarks>
public sealed record OuterPlans
{
    private OuterPlans(ImmutableArray<OuterPlan> all) => All = all;

    public ImmutableArray<OuterPlan> All { get; }

    public OuterPlan Newest => All[^1];

    /// <summary>The plans that were made after the run had begun.</summary>
    public IEnumerable<OuterPlan> Prolongations => All.Skip(1);

    /// <param name="specification">The run.</param>
    /// <param name="prolongations">Later plans, in the order of their versions.</param>
    public static OuterPlans Of(RunSpecification specification, params IEnumerable<OuterPlan> prolongations) =>
        new([OuterPlan.Of(specification), .. prolongations]);

    /// <summary>The plan that holds for a version of θ.</summary>
    public OuterPlan At(long version) => All.Last(plan => plan.FromVersion <= Math.Max(0, version));

    /// <summary>k at a version of θ before jitter, in inner-steps; null: as the specification has it.</summary>
    public double? TruncationSteps(long version) => At(version) is var plan && plan == All[0] ? null : plan.Truncation.BaseSteps(version);

    /// <summary>The plans with a new one from a version on; it replaces an earlier prolongation at the same version.</summary>
    public OuterPlans Prolong(long version, long outerUpdates)
    {
        var next = Newest.Prolong(version, outerUpdates);
        return new(All is [_, .., var last] && last.FromVersion == version ? [.. All[..^1], next] : [.. All, next]);
    }
}
