using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets;

/// <summary>What one problem of a run is: its values, and the tasks that it draws from.</summary>
/// <param name="Kind">Name of the mixture's task; "" in a run without a mixture.</param>
/// <param name="Specification">Values of the problem: a specification without tasks.</param>
/// <param name="Tasks">Tasks of the problem's dataset.</param>
public sealed record ProblemSetting(string Kind, RunSpecification Specification, TaskDistribution Tasks);
