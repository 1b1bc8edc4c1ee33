using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

/// <summary>Keys that apply to some values of another key only, and must be at their defaults otherwise.</summary>
/// <param name="Choice">The key that decides.</param>
/// <param name="Apply">Whether the keys apply to a specification.</param>
/// <param name="Reason">Why they do not, for the message.</param>
/// <param name="Names">The keys.</param>
internal sealed record DependentKeys(
    string Choice, Func<RunSpecification, bool> Apply, string Reason, ImmutableArray<string> Names)
{
    public static readonly ImmutableArray<DependentKeys> All =
    [
        new(
            "optimizer", s => s.Optimizer.IsMlp(), "only MLPs have it",
            ["stepScale", "stepDecay", "timeInputs", "momentumInputs", "exponentScale"]),
        new(
            "outerOptimizer", s => s.OuterOptimizer == OuterOptimizerKind.Adam, "only 'adam' has it",
            ["outerBeta1", "outerBeta2", "outerEpsilon"]),
        new("outerOptimizer", s => s.OuterOptimizer == OuterOptimizerKind.Momentum, "only 'momentum' has it", ["outerMomentum"]),
    ];

    /// <summary>The keys that do not apply to a specification.</summary>
    public static IEnumerable<(DependentKeys Group, SpecificationKey Key)> Unused(RunSpecification specification) =>
        from @group in All
        where !@group.Apply(specification)
        from name in @group.Names
        select (@group, SpecificationKeys.Find(name)!);
}
