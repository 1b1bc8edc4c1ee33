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
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ClassSplit, double> _tunedAdam = [];
    private int _evaluationsRead;
    private long _next;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string directory = options.TensorBoardDirectory ?? options.RunDirectory;
        try
        {
            using var file = EventFile.Create(directory, time.GetUtcNow());
            using var timer = new PeriodicTimer(Interval, time);
            try
            {
                do Copy(file);
                while (await timer.WaitForNextTickAsync(stoppingToken));
            }
            catch (OperationCanceledException)
            {
                Copy(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            TensorBoardLog.CannotWrite(log, directory, e.Message);
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
            if (e.ThetaVersion is not { } version)
            {
                _tunedAdam[e.Split] = e.MeanLoss;
                continue;
            }

            string split = e.Split == ClassSplit.OuterTrain ? "outer_train" : "outer_test";
            List<(string, double)> scalars = [($"evaluation/{split}/theta{(e.IsAverage ? "_average" : "")}", e.MeanLoss)];
            // Tuned Adam is a level line to compare with, so it gets a point wherever θ has one.
            if (!e.IsAverage && _tunedAdam.TryGetValue(e.Split, out double adam)) scalars.Add(($"evaluation/{split}/tuned_adam", adam));
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
    [LoggerMessage(1, LogLevel.Warning, "No event files for TensorBoard in {Directory}: {Reason}")]
    public static partial void CannotWrite(ILogger logger, string directory, string reason);
}
