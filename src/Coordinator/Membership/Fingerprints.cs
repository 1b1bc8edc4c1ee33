using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;

namespace LoptCluster.Coordinator.Membership;

/// <summary>
/// Fingerprints of the dataset and of the inner-problem's layout, which all workers of a run must share. The dataset's is the coordinator's
/// own where it can open the images, generated ones or files in a folder that it was given; otherwise two workers must agree, for files
/// differ by mistake. Layouts differ between builds alone: the first worker's is the run's.
/// </summary>
internal sealed class Fingerprints(CoordinatorOptions options, RunContext run, RunReader reader, RunWriter writer)
{
    private readonly AgreedFingerprint _dataset = new(RunContext.FingerprintKey, reader, writer, OwnDataset(options, run), quorum: 2);
    private readonly AgreedFingerprint _layout = new(RunContext.LayoutKey, reader, writer, own: null, quorum: 1);

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
            string detail = $"the worker's inner-problem has {layout}, but the run's inner-problem has {_layout.Value}; start a worker of "
                + "the same build, with the same module";
            return new Refusal(RefusalReason.WrongInnerProblem, detail);
        }

        return null;
    }

    private static string? OwnDataset(CoordinatorOptions options, RunContext run) =>
        options.DataDirectory is null && DatasetCatalog.NeedsFiles(run.Specification)
            ? null
            : DatasetCatalog.OpenRun(run.Specification, options.DataDirectory).Fingerprint;
}
