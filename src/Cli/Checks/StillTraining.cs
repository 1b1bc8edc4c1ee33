using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>
/// A specification with the same work but without image files, and a θ that barely moves the inner-parameters. A random θ soon drives the
/// loss above its cap, and steps after that contribute no gradient: samples would look cheaper than those of a working optimizer.
/// </summary>
internal sealed record StillTraining(RunSpecification Specification, PublishedTheta Theta)
{
    /// <summary>Size of procedural images in place of image files; images of the paper's shape cost the same.</summary>
    private const int PaperImageSize = 32;
    private const int PaperImageChannels = 3;

    private const double SmallPerturbation = 1e-4;

    public static StillTraining Of(RunSpecification s)
    {
        var theta = new PublishedTheta(new ThetaSnapshot(0, OptimizerFamilies.Of(s.Optimizer).StillTheta(s.Seed)), SamplePlan.All);
        s = s with { PerturbationStd = SmallPerturbation };
        if (s.Dataset != DatasetKind.Procedural)
        {
            s = s with
            {
                Dataset = DatasetKind.Procedural,
                ImageSize = s.ImageSize == 0 ? PaperImageSize : s.ImageSize,
                ImageChannels = s.ImageChannels == 0 ? PaperImageChannels : s.ImageChannels,
            };
        }

        return new StillTraining(s, theta);
    }
}
