using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Sampling;

/// <summary>The horizon of each inner-problem of a run.</summary>
public static class ProblemHorizon
{
    /// <summary>
    /// T, except for the first S problems of a run with staggered starts: problem p then ends at T (p + 1) / S, so that from then on
    /// the lanes of a batch stand at different inner-steps.
    /// </summary>
    public static int Of(RunSpecification specification, long problemId)
    {
        int lanes = specification.BatchSamples;
        if (!specification.StaggeredStarts || problemId >= lanes) return specification.InnerSteps;
        return (int)Math.Max(1, specification.InnerSteps * (problemId + 1) / lanes);
    }
}
