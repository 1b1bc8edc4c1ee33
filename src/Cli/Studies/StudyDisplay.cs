using LoptCluster.Cli.CommandLine;
using Spectre.Console;

namespace LoptCluster.Cli.Studies;

/// <summary>Shows the runs of a study while they train: bars on a terminal, a line for each beginning and end elsewhere.</summary>
internal sealed class StudyDisplay(CliEnvironment environment, IReadOnlyList<StudyEntry> entries)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StudyEntry, StudyRunState> _shown = [];
    private Action<StudyEntry>? _bars;

    /// <summary>Runs <paramref name="train"/> and shows it.</summary>
    public async Task ShowAsync(Func<Task> train)
    {
        if (!environment.IsLive)
        {
            await train();
            return;
        }

        await environment.Console.Progress()
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new ElapsedTimeColumn(),
                new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var all = context.AddTask("all runs", maxValue: entries.Count);
                var bars = new Dictionary<StudyEntry, ProgressTask>();
                _bars = entry =>
                {
                    if (!bars.TryGetValue(entry, out var bar))
                        bars[entry] = bar = context.AddTask(Markup.Escape(entry.Run.Label), maxValue: 1);
                    bar.Value = entry.State == StudyRunState.Running ? Math.Min(0.999, entry.Progress) : 1;
                    all.Value = entries.Sum(e => e.State is StudyRunState.Finished or StudyRunState.Failed ? 1 : e.Progress);
                };
                await train();
            });
    }

    /// <summary>Shows that a run has begun, advanced or ended.</summary>
    public void Note(StudyEntry entry)
    {
        lock (_lock)
        {
            if (_bars is not null) _bars(entry);
            if (_shown.TryGetValue(entry, out var before) && before == entry.State) return;
            _shown[entry] = entry.State;
            if (_bars is null || entry.State == StudyRunState.Failed) environment.Output.WriteLine(Line(entry));
        }
    }

    private string Line(StudyEntry entry)
    {
        int ended = entries.Count(e => e.State is StudyRunState.Finished or StudyRunState.Failed);
        string place = $"[{ended}/{entries.Count}] {entry.Run.Label}: ";
        return place + entry.State switch
        {
            StudyRunState.Running => "started",
            StudyRunState.Finished when entry.Result is { } r =>
                $"finished in {DisplayFormat.Duration(TimeSpan.FromSeconds(r.TrainingSeconds))} of training"
                + (double.IsNaN(r.Improvement)
                    ? ""
                    : $", held-out {DisplayFormat.Number(r.Loss)}, {DisplayFormat.Difference(1 - r.Improvement, 1)} than tuned Adam"),
            StudyRunState.Failed => $"failed: {entry.Failure}",
            StudyRunState.Stopped => "stopped",
            var state => $"{state}",
        };
    }
}
