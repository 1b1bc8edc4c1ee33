using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Store.Ledger;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Replay;

/// <summary>Removes old rows of a stopped run, so that it resumes as before and can be replayed from a later version of θ.</summary>
public static class RunPruning
{
    /// <param name="runDirectory">Folder of the run, which no coordinator may hold.</param>
    /// <param name="keep">Newest outer-updates that can be replayed afterwards; at least 1.</param>
    /// <param name="giveUpReplay">Prune also where the state that a replay begins from cannot be had without unrolling.</param>
    /// <returns>Version of θ that a replay begins from; null: there was nothing to prune.</returns>
    /// <exception cref="UserErrorException">
    /// There is no such run, a coordinator holds it, or the replay that the pruning needs is not possible from its files.
    /// </exception>
    public static long? Prune(string runDirectory, long keep, bool giveUpReplay, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        // Opening makes a file where there is none.
        ReplayableRun.Open(runDirectory).Dispose();
        using var database = RunDatabase.Open(runDirectory);
        long first;
        ReplayStart start;
        using (var run = ReplayableRun.Open(runDirectory))
        {
            long last = run.OuterUpdates - keep;
            if (last <= run.FirstVersion) return null;
            first = last;
            var state = giveUpReplay ? null : StateAt(run, last, cancellation);
            start = new ReplayStart(last, state?.Optimizer, state?.Average);
        }

        try
        {
            RunPruner.Prune(database, start);
            PruneLedger(runDirectory, start.Version);
        }
        catch (SqliteException e)
        {
            throw RunFileFault.Find(e)?.AtEnd(runDirectory, e)
                ?? new UserErrorException($"The run in '{runDirectory}' cannot be pruned: {e.Message.TrimEnd('.')}.", e);
        }

        return first;
    }

    /// <summary>
    /// After the run's own file: if the process ends in between, the ledger has pages that nothing asks for, and the next pruning erases
    /// them.
    /// </summary>
    private static void PruneLedger(string runDirectory, long last)
    {
        if (!File.Exists(Path.Combine(runDirectory, GradientLedger.FileName))) return;
        using var run = ReplayableRun.Open(runDirectory);
        using var ledger = GradientLedger.Open(runDirectory, run.RunId, run.OuterUpdates);
        ledger.Prune(last);
    }

    private static OuterState StateAt(ReplayableRun run, long version, CancellationToken cancellation)
    {
        var options = new ReplayOptions
        {
            Specification = run.Specification,
            CreateSlot = () => throw new InvalidOperationException("A pruning unrolls nothing."),
            OnRecompute = (update, _) => throw new UserErrorException(
                $"The gradients of outer-update {update} are not in '{GradientLedger.FileName}', so the state that a replay would begin "
                    + "from is not known. --give-up-replay prunes all the same: the run goes on as before, but cannot be replayed."),
        };
        foreach (var update in run.Replay(options, cancellation))
        {
            if (!update.IsSame)
            {
                throw new UserErrorException(
                    $"The replay differs from the run at outer-update {update.OuterUpdate} ('lopt replay' says how). Nothing was pruned; "
                        + "--give-up-replay prunes all the same.");
            }

            if (update.OuterUpdate == version) break;
        }

        return run.State!;
    }
}
