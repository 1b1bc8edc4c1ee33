using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Membership;

/// <summary>
/// Fingerprints of the dataset and of the inner-problem's layout, which all workers of a run must share. They are the coordinator's own
/// where it can open the images, generated ones or files in a folder that it was given; the layout of a torch module it cannot have.
/// Otherwise two workers must agree: one may be wrong, by mistake or by intent.
/// </summary>
internal sealed class Fingerprints
{
    private readonly AgreedFingerprint _dataset, _layout;

    public Fingerprints(CoordinatorOptions options, RunContext run, RunReader reader, RunWriter writer)
    {
        var images = OwnImages(options, run.Specification);
        string? layout = images is null || HasModules(run.Specification) ? null : Slot.LayoutFingerprintOf(run.Specification, images);
        _dataset = new(RunContext.FingerprintKey, reader, writer, images?.Fingerprint);
        _layout = new(RunContext.LayoutKey, reader, writer, layout);
    }

    /// <summary>Takes what a worker computes with.</summary>
    /// <param name="worker">Its id.</param>
    /// <param name="dataset">Fingerprint of its dataset; empty: it is not known yet.</param>
    /// <param name="layout">Fingerprint of its inner-problem's layout; empty: it is not known yet.</param>
    /// <returns>What differs from the run; null: nothing.</returns>
    public Refusal? Inspect(string worker, string dataset, string layout)
    {
        if (!_dataset.Hear(worker, dataset))
        {
            string detail = $"the worker's dataset has fingerprint {dataset}, but the run uses {_dataset.Value}"
                + (_dataset.IsOwn ? ", as the coordinator has found by itself" : "") + "; give the worker the run's files with --data";
            return new Refusal(RefusalReason.WrongDataset, detail);
        }

        if (!_layout.Hear(worker, layout))
        {
            string detail = $"the worker's inner-problem has {layout}, but the run's inner-problem has {_layout.Value}"
                + (_layout.IsOwn ? ", as the coordinator has found by itself" : "")
                + "; start a worker of the same build, with the same module";
            return new Refusal(RefusalReason.WrongInnerProblem, detail);
        }

        return null;
    }

    private static IRunImages? OwnImages(CoordinatorOptions options, RunSpecification specification) =>
        options.DataDirectory is null && DatasetCatalog.NeedsFiles(specification)
            ? null
            : DatasetCatalog.OpenRun(specification, options.DataDirectory);

    private static bool HasModules(RunSpecification specification) =>
        new TaskMixture(specification).Corners().Any(task => task.Specification.InnerProblem == InnerProblemKind.Torch);
}
