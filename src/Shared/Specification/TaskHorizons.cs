namespace LoptCluster.Shared.Specification;

/// <summary>Horizons among the problems of a run.</summary>
public static class TaskHorizons
{
    /// <summary>The longest T of a problem: innerSteps, unless tasks of a mixture have their own.</summary>
    public static int LongestInnerSteps(this RunSpecification run) => new TaskMixture(run).Corners().Max(c => c.Specification.InnerSteps);

    /// <summary>The shortest T of a problem.</summary>
    public static int ShortestInnerSteps(this RunSpecification run) => new TaskMixture(run).Corners().Min(c => c.Specification.InnerSteps);
}
