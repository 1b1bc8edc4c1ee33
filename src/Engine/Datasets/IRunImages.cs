using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets;

/// <summary>Images of a run: one dataset, or those of a mixture's tasks. Shared read-only by all slots of a process.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IRunImages
{
    /// <summary>For people: "CIFAR-10 (12,000 images)".</summary>
    string Description { get; }

    /// <summary>Hex digest of what the images are: two workers with the same fingerprint compute the same samples.</summary>
    string Fingerprint { get; }

    /// <summary>The dataset of a problem.</summary>
    /// <param name="problem">Values of the problem: a specification without tasks.</param>
    IImageDataset Of(RunSpecification problem);
}
