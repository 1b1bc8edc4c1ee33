namespace LoptCluster.Cli.Screen;

/// <summary>A run as lines of text, where there is no terminal: one every few seconds, and at once when something odd begins.</summary>
internal sealed class PlainLines(TextWriter output, TimeProvider time)
{
    /// <summary>Short enough to see that it lives, long enough that a log of hours stays readable.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long? _lastLine;
    private string? _noticeKind;

    public void Show(RunView view, bool last = false)
    {
        bool due = _lastLine is not { } then || time.GetElapsedTime(then) >= Interval || last;
        if (due)
        {
            _lastLine = time.GetTimestamp();
            output.WriteLine(Line(view));
        }

        // By kind, not by text: a text that counts seconds would fill the log.
        var notice = view.Notices.FirstOrDefault();
        if (notice is not null && notice.Kind != _noticeKind) output.WriteLine($"  note: {notice.Text}");
        _noticeKind = notice?.Kind;
        output.Flush();
    }

    public static string Line(RunView view)
    {
        string line = $"update {Words.Count(view.OuterUpdate)}/{Words.Count(view.OuterUpdatesTotal)} · {Words.Duration(view.Running)}"
            + $" · {Words.Duration(view.Left)} left · k {Words.Count(view.TruncationSteps)} · outer-loss {Words.Number(view.OuterLossAverage ?? view.OuterLoss)}"
            + $" · ES weight {Words.Number(view.WeightEs)}{(view.RpShare < 1 ? $" · g_rp of {Words.Percent(view.RpShare.Value)}" : "")} · {Words.Count(view.SamplesPerSecond)} samples/s"
            + $" · {Words.Plural(view.Workers.Count(worker => !worker.IsLost), "worker")}";
        if (view.EvaluationOuterTest is not { } loss) return line;
        return view.BaselineOuterTest is { } adam
            ? $"{line} · held-out {Words.Number(loss)} (tuned Adam {Words.Number(adam)})"
            : $"{line} · held-out {Words.Number(loss)}";
    }
}
