using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.OuterTraining;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.TensorBoard;

/// <summary>Copies the run's history into an event file for TensorBoard, a step an outer-update, as it grows.</summary>
/// <remarks>
/// Reads the run store beside the run loop, so training never waits for it. Each start writes a new file with the whole history;
/// TensorBoard drops what earlier files of the folder said. A disk that is full or read-only is told once, and costs only this.
/// </remarks>
internal sealed class EventFileWriter(
    CoordinatorOptions options, RunReader reader, TimeProvider time, ILogger<EventFileWriter> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2), RetryInterval = TimeSpan.FromSeconds(30);

    /// <summary>Tuned Adam's loss on all tasks of a split (kind "") and on those of each kind.</summary>
    private readonly Dictionary<(ClassSplit Split, string Kind), double> _tunedAdam = [];
    private int _evaluationsRead;
    private long _next;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string directory = options.TensorBoardDirectory ?? options.RunDirectory;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(directory, stoppingToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
            {
                TensorBoardLog.CannotWrite(log, directory, e.Message, RetryInterval.TotalSeconds);
                await Task.Delay(RetryInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Writes the run into a file of its own until the coordinator stops.</summary>
    private async Task FollowAsync(string directory, CancellationToken stop)
    {
        (_next, _evaluationsRead) = (0, 0);
        using var file = EventFile.Create(directory, time.GetUtcNow());
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            // Not at once: the history of a long run takes a second, in which its workers come back.
            while (await timer.WaitForNextTickAsync(stop)) Copy(file);
        }
        catch (OperationCanceledException)
        {
            Copy(file);
        }
    }

    private void Copy(EventFile file)
    {
        var history = reader.History(_next);
        if (history.Count > 0)
        {
            // Wall times of the past are not stored; training seconds are, and their differences are right.
            var now = time.GetUtcNow();
            double newest = history[^1].Seconds;
            foreach (var row in history) file.Write(row.OuterUpdate, now - TimeSpan.FromSeconds(newest - row.Seconds), Scalars(row));
            _next = history[^1].OuterUpdate + 1;
        }

        CopyEvaluations(file);
        file.Flush();
    }

    private void CopyEvaluations(EventFile file)
    {
        foreach (var e in reader.Evaluations(_evaluationsRead))
        {
            _evaluationsRead++;
            (string Kind, double Loss)[] losses = [("", e.MeanLoss), .. e.ByKind.Select(k => (k.Kind, k.MeanLoss))];
            if (e.ThetaVersion is not { } version)
            {
                foreach (var (kind, loss) in losses) _tunedAdam[(e.Split, kind)] = loss;
                continue;
            }

            string split = e.Split == ClassSplit.OuterTrain ? "outer_train" : "outer_test";
            var scalars = new List<(string, double)>();
            foreach (var (kind, loss) in losses)
            {
                string folder = $"evaluation/{split}/{(kind.Length == 0 ? "" : kind + "/")}";
                scalars.Add(($"{folder}theta{(e.IsAverage ? "_average" : "")}", loss));
                // Tuned Adam is a level line to compare with, so it gets a point wherever θ has one.
                if (!e.IsAverage && _tunedAdam.TryGetValue((e.Split, kind), out double adam)) scalars.Add(($"{folder}tuned_adam", adam));
            }

            file.Write(version, time.GetUtcNow(), scalars);
        }
    }

    private static IEnumerable<(string Tag, double Value)> Scalars(HistoryEntry row)
    {
        foreach (var (name, value) in row.Figures.Values)
        {
            if (UpdateFigureTable.Find(name)?.TensorBoardTag is { } tag) yield return (tag, value);
        }

        yield return ("training_seconds", row.Seconds);
    }
}

internal static partial class TensorBoardLog
{
    [LoggerMessage(1, LogLevel.Warning, "No event files for TensorBoard in {Directory}: {Reason} Tried again every {Seconds} s.")]
    public static partial void CannotWrite(ILogger logger, string directory, string reason, double seconds);
}
