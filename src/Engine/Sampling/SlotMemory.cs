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
    /// Without its images, the least number of classes is taken of files, and problems whose images have no given size are left to the
    /// programs that have the files. Torch modules are left to the programs that have them.
    /// </remarks>
    /// <param name="run">The run.</param>
    /// <param name="images">Its images; null: they are not here.</param>
    /// <exception cref="UserErrorException">The budget does not hold one of them, or a dataset is too small for a task.</exception>
    public static void Check(RunSpecification run, IRunImages? images = null)
    {
        using var arenas = new UnrollArenas(run, InnerProblemFactory.BuiltIn);
        foreach (var (kind, corner) in new TaskMixture(run).Corners())
        {
            if (corner.InnerProblem == InnerProblemKind.Torch || ShapeOf(corner, images) is not { } shape) continue;
            using var problem = InnerProblemFactory.Create(corner, shape.Image, shape.Classes);
            arenas.PlanLongest(kind, corner, problem);
        }
    }

    /// <summary>What the images make of a problem; null where files decide it that are not here.</summary>
    private static (ImageShape Image, int Classes)? ShapeOf(RunSpecification corner, IRunImages? images)
    {
        if (images is not null)
        {
            var tasks = new TaskDistribution(images.Of(corner), corner);
            return (tasks.ImageShape, tasks.ClassesPerTask);
        }

        bool isGiven = corner.InnerProblem == InnerProblemKind.Quadratic || corner is { ImageSize: > 0, ImageChannels: > 0 };
        return isGiven ? (new ImageShape(corner.ImageSize, corner.ImageChannels), LeastClasses(corner)) : null;
    }

    private static int LeastClasses(RunSpecification corner) => corner.Dataset == DatasetKind.Procedural
        ? new TaskDistribution(new ProceduralDataset(corner), corner).ClassesPerTask
        : TaskDistribution.MinClasses;
}
