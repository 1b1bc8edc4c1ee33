using LoptCluster.Coordinator.Run;

namespace LoptCluster.Cli.Runs;

/// <summary>A run as <c>lopt runs</c> lists it.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Result">Null: nothing is known of it yet.</param>
/// <param name="OuterUpdates">Of the whole run.</param>
/// <param name="IsTrained">Its outer-training has ended.</param>
/// <param name="IsCompared">θ was compared with the baselines.</param>
internal sealed record ListedRun(string Name, RunResult? Result, long OuterUpdates, bool IsTrained, bool IsCompared)
{
    /// <exception cref="Shared.UserErrorException">The summary of the folder is not readable.</exception>
    public static ListedRun Of(RunFolder folder)
    {
        string name = Path.GetFileName(folder.Path);
        if (RunResult.Read(folder) is { } compared) return new ListedRun(name, compared, compared.OuterUpdates, true, true);
        return RecordedRun.Find(folder.Path) is { } recorded
            ? new ListedRun(name, RunResult.Of(recorded), recorded.OuterUpdates, recorded.IsTrained, false)
            : new ListedRun(name, null, 0, false, false);
    }
}
