using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;

namespace LoptCluster.Coordinator.Membership;

/// <summary>
/// Fingerprints of the dataset and of the inner-problem's layout, which all workers of a run must share. The first worker's become the
/// run's.
/// </summary>
internal sealed class Fingerprints(RunReader reader, RunWriter writer)
{
    private string? _dataset = reader.Value(RunContext.FingerprintKey);
    private string? _layout = reader.Value(RunContext.LayoutKey);

    /// <returns>What differs from the run; null: nothing. An empty fingerprint is not known yet and never differs.</returns>
    public Refusal? Inspect(string dataset, string layout)
    {
        if (Differs(dataset, _dataset))
        {
            string detail = $"the worker's dataset has fingerprint {dataset}, but the run uses {_dataset}; give the worker the run's files "
                + "with --data";
            return new Refusal(RefusalReason.WrongDataset, detail);
        }

        if (Differs(layout, _layout))
        {
            string detail = $"the worker's inner-problem has {layout}, but the run's inner-problem has {_layout}; start a worker of the "
                + "same build, with the same module";
            return new Refusal(RefusalReason.WrongInnerProblem, detail);
        }

        return null;
    }

    public void Note(string dataset, string layout)
    {
        Note(ref _dataset, dataset, RunContext.FingerprintKey);
        Note(ref _layout, layout, RunContext.LayoutKey);
    }

    private static bool Differs(string fingerprint, string? known) => fingerprint.Length > 0 && known is not null && fingerprint != known;

    private void Note(ref string? known, string fingerprint, string key)
    {
        if (fingerprint.Length == 0 || known is not null) return;
        known = fingerprint;
        writer.SetValue(key, fingerprint);
    }
}
