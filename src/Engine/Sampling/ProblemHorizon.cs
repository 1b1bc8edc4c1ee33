using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Sampling;

/// <summary>The horizon of each inner-problem of a run.</summary>
/// <param name="tasks">What each problem is.</param>
/// <param name="staggeredLanes">S in a run with staggered starts, otherwise 0.</param>
public sealed class ProblemHorizon(TaskMixture tasks, int staggeredLanes)
{
    public static ProblemHorizon From(RunSpecification specification) =>
        new(new TaskMixture(specification), specification.StaggeredStarts ? specification.BatchSamples : 0);

    /// <summary>
    /// T of the problem, except for the first S problems of a run with staggered starts: problem p then ends at T (p + 1) / S, so
    /// that from then on the lanes of a batch stand at different inner-steps.
    /// </summary>
    public int Of(long problemId) => Of(problemId, tasks.Draw(problemId).Specification.InnerSteps);

    /// <summary>The same, if T of the problem is known.</summary>
    public int Of(long problemId, int innerSteps) =>
        problemId >= staggeredLanes ? innerSteps : (int)Math.Max(1, innerSteps * (problemId + 1) / staggeredLanes);
}
