using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Sampling;

/// <summary>What the memory of a slot allows a run, as far as this is known without its images.</summary>
public static class SlotMemory
{
    /// <summary>Checks the longest truncations at the corners of what problems of the run can be.</summary>
    /// <remarks>
    /// Files decide the number of classes, of which the least is taken here, and the size of images that is not given. Such problems, and
    /// torch modules, are left to the programs that have them.
    /// </remarks>
    /// <exception cref="UserErrorException">The budget does not hold one of them.</exception>
    public static void Check(RunSpecification run)
    {
        using var arenas = new UnrollArenas(run, InnerProblemFactory.BuiltIn);
        foreach (var (kind, corner) in new TaskMixture(run).Corners())
        {
            bool isGiven = corner.InnerProblem == InnerProblemKind.Quadratic || corner is { ImageSize: > 0, ImageChannels: > 0 };
            if (!isGiven || corner.InnerProblem == InnerProblemKind.Torch) continue;
            using var problem = InnerProblemFactory.Create(
                corner, new ImageShape(corner.ImageSize, corner.ImageChannels), LeastClasses(corner));
            arenas.PlanLongest(kind, corner, problem);
        }
    }

    private static int LeastClasses(RunSpecification corner) => corner.Dataset == DatasetKind.Procedural
        ? new TaskDistribution(new ProceduralDataset(corner), corner).ClassesPerTask
        : TaskDistribution.MinClasses;
}
