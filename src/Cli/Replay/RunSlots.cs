using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Replay;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Replay;

/// <summary>Slots that compute samples of a recorded run again, on the images that its workers had.</summary>
/// <param name="run">The run.</param>
/// <param name="folder">Its folder.</param>
/// <param name="data">Folder of its image files; null: the one that it was launched with.</param>
internal sealed class RunSlots(ReplayableRun run, RunFolder folder, string? data, CliEnvironment environment)
{
    // Opened by the first slot: a replay from the ledger needs no images.
    private readonly Lazy<IRunImages> _images = new(() => Open(run, data ?? LaunchRecord.Read(folder)?.Data));

    /// <summary>Slots that this machine runs at once, unless another number is asked for.</summary>
    public int Default => run.Specification.InnerProblem == InnerProblemKind.Torch && environment.InnerProblems.SlotsPerProcess is { } slots
        ? slots
        : Environment.ProcessorCount;

    /// <exception cref="UserErrorException">The images are not here, or are others than the run's.</exception>
    public Slot Create() => new(run.Specification, _images.Value, environment.Time, environment.InnerProblems);

    private static IRunImages Open(ReplayableRun run, string? data)
    {
        var images = DatasetCatalog.OpenRun(run.Specification, data);
        if (run.DatasetFingerprint is { } fingerprint && fingerprint != images.Fingerprint)
        {
            throw new UserErrorException(
                $"The images here ({images.Description}, {images.Fingerprint}) are not those of the run ({fingerprint}). Name their folder "
                    + "with --data.");
        }

        return images;
    }
}
