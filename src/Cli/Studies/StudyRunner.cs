using LoptCluster.Cli.Processes;
using LoptCluster.Shared.Studies;

namespace LoptCluster.Cli.Studies;

/// <summary>Trains the runs of a study, each in a process of its own: one that fails does not stop the others.</summary>
/// <param name="time">Clock of the processes.</param>
/// <param name="study">The study.</param>
/// <param name="entries">Its runs.</param>
/// <param name="onChange">Called when a run begins, advances or ends, on any thread.</param>
internal sealed class StudyRunner(TimeProvider time, StudyFile study, IReadOnlyList<StudyEntry> entries, Action<StudyEntry> onChange)
{
    public async Task RunAsync(CancellationToken stop)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = study.Parallel ?? 1 };
        await Parallel.ForEachAsync(
            entries.Where(e => e.State == StudyRunState.Waiting),
            options,
            async (entry, _) =>
            {
                if (stop.IsCancellationRequested) return;
                await TrainAsync(entry, stop);
            });
    }

    private async Task TrainAsync(StudyEntry entry, CancellationToken stop)
    {
        Change(entry, StudyRunState.Running);
        int slots = Math.Max(1, Environment.ProcessorCount / (study.Parallel ?? 1));
        var start = LoptExecutable.With(entry.TrainArguments(study, slots));
        using var child = ChildProcess.Start(start, entry.Folder.Path + ".log", time, line =>
        {
            entry.Note(line);
            onChange(entry);
        });
        await using var stopping = stop.Register(child.Stop);
        int status = await child.WaitAsync();
        if (status == 0) Change(entry, StudyRunState.Finished);
        else if (stop.IsCancellationRequested) Change(entry, StudyRunState.Stopped);
        else Change(entry, StudyRunState.Failed, Reason(child, status));
    }

    private static string Reason(ChildProcess child, int status) =>
        child.LastErrorLine is { Length: > 0 } line ? line : $"lopt train ended with status {status}.";

    private void Change(StudyEntry entry, StudyRunState state, string failure = "")
    {
        entry.Set(state, failure);
        onChange(entry);
    }
}
