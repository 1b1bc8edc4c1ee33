using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Cli.Screen;

/// <summary>A run as lines of text, where there is no terminal: one every few seconds, and at once when something odd begins.</summary>
/// <param name="writeLine">Receives the lines.</param>
/// <param name="time">The clock.</param>
/// <param name="search">Whether the run is a random search.</param>
internal sealed class PlainLines(Action<string> writeLine, TimeProvider time, bool search = false)
{
    /// <summary>Short enough to see that it lives, long enough that a log of hours stays readable.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long? _lastLine;
    private string? _noticeKind;

    public void Show(ScreenRun view, bool last = false)
    {
        bool due = _lastLine is not { } then || time.GetElapsedTime(then) >= Interval || last;
        if (due)
        {
            _lastLine = time.GetTimestamp();
            writeLine(view.Comparison is { } comparison ? ComparisonLine(view, comparison) : search ? SearchLine(view) : Line(view));
        }

        // By kind, not by text: a text that counts seconds would fill the log.
        if (view.Notice is { } notice && notice.Kind != _noticeKind) writeLine($"  note: {notice.Text}");
        _noticeKind = view.Notice?.Kind;
    }

    private static string Weight(ScreenRun view) => view.Weighed is { } weighed
        ? $" · {weighed.ShortName} weight {DisplayFormat.Number(view[UpdateFigureTable.Weight[weighed]])}"
        : "";

    private static string ComparisonLine(ScreenRun view, ScreenComparison comparison) =>
        $"task {DisplayFormat.Count((long)comparison.TasksDone)}/{DisplayFormat.Count((long)comparison.Tasks)} · "
            + $"{DisplayFormat.Count((long)comparison.TrainingsDone)} of {DisplayFormat.Count((long)comparison.Trainings)} trainings · "
            + $"{DisplayFormat.Duration(view.Running)} · {DisplayFormat.Duration(view.Left)} left · "
            + DisplayFormat.Plural(view.Workers.Count(worker => !worker.IsLost), "worker");

    private static string SearchLine(ScreenRun view)
    {
        string line = $"configuration {DisplayFormat.Count(view.OuterUpdate)}/{DisplayFormat.Count(view.OuterUpdatesTotal)} · "
            + $"{DisplayFormat.Duration(view.Running)} · {DisplayFormat.Duration(view.Left)} left";
        return view is { BestVersion: { } best, EvaluationOuterTrain: { } loss }
            ? $"{line} · best no. {DisplayFormat.Count(best)}, outer-train {DisplayFormat.Number(loss)}"
                + (view.BaselineOuterTrain is { } adam ? $" (Adam tuned for each task {DisplayFormat.Number(adam)})" : "")
            : line;
    }

    public static string Line(ScreenRun view)
    {
        string rp = view[UpdateFigureTable.RpShare] is < 1 and var share ? $" · g_rp of {DisplayFormat.Percent(share)}" : "";
        string line = $"update {DisplayFormat.Count(view.OuterUpdate)}/{DisplayFormat.Count(view.OuterUpdatesTotal)} · "
            + $"{DisplayFormat.Duration(view.Running)}"
            + $" · {DisplayFormat.Duration(view.Left)} left · k {DisplayFormat.Count(view.TruncationSteps)}"
            + $" · outer-loss {DisplayFormat.Number(view.OuterLossAverage ?? view[UpdateFigureTable.OuterLoss])}"
            + $"{Weight(view)}{rp}"
            + $" · {DisplayFormat.Count(view.SamplesPerSecond)} samples/s"
            + $" · {DisplayFormat.Plural(view.Workers.Count(worker => !worker.IsLost), "worker")}";
        if (view.EvaluationOuterTest is not { } loss) return line;
        string average = view.AverageOuterTest is { } averaged ? $", average of θ {DisplayFormat.Number(averaged)}" : "";
        return view.BaselineOuterTest is { } adam
            ? $"{line} · held-out {DisplayFormat.Number(loss)}{average} (tuned Adam {DisplayFormat.Number(adam)})"
            : $"{line} · held-out {DisplayFormat.Number(loss)}{average}";
    }
}
