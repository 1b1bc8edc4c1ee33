namespace LoptCluster.Shared.Specification;

/// <summary>What one problem of a run is.</summary>
/// <param name="Kind">Name of the mixture's task, or its number; "" in a run without a mixture.</param>
/// <param name="Specification">Values of the problem: a specification without tasks.</param>
public readonly record struct DrawnTask(string Kind, RunSpecification Specification);
