using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Replay;

namespace LoptCluster.Cli.Replay;

/// <summary>Lines while samples are unrolled again, which takes about what the run took; a replay from the ledger has none.</summary>
/// <param name="run">The run.</param>
/// <param name="writeLine">Receives the lines.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplayProgress(ReplayableRun run, Action<string> writeLine, TimeProvider time)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private long? _started;
    private long _lastLine;
    private long _samples;

    public void OnRecompute(long update, int samples)
    {
        if (_started is null)
        {
            writeLine(
                $"Samples from outer-update {DisplayFormat.Count(update)} on are unrolled again on this machine, which takes about what "
                    + "their workers took. Ctrl-C stops.");
            _started = _lastLine = time.GetTimestamp();
        }

        if (time.GetElapsedTime(_lastLine) >= LineInterval)
        {
            _lastLine = time.GetTimestamp();
            writeLine(
                $"  outer-update {DisplayFormat.Count(update)} of {DisplayFormat.Count(run.OuterUpdates)}, "
                    + $"{DisplayFormat.Plural(_samples, "sample")} in {DisplayFormat.Duration(time.GetElapsedTime(_started.Value))}");
        }

        _samples += samples;
    }
}
