using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

public sealed partial record RunSpecification
{
    /// <summary>
    /// Tasks of a mixture: each problem is one of them, drawn by weight, with values of its own (<see cref="TaskMixture"/>). Empty: all
    /// problems have the values of the run.
    /// </summary>
    [SpecificationKey("tasks", "Tasks of a mixture, each with a weight and the values in which its problems differ from the run.")]
    public ImmutableArray<TaskEntry> Tasks { get; init; } = [];
}
