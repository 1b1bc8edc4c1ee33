using System.Diagnostics;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Processes;

/// <summary>Keeps one child running: started again with a growing delay when it dies, until it is asked to stop.</summary>
/// <remarks>Exit status 2 is a mistake that starting again cannot mend: <see cref="Ended"/> then fails with the child's last line.</remarks>
internal sealed class ChildKeeper
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    /// <summary>A child that lived this long has earned the first delay again.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RemarkFor = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _name;
    private readonly Func<ProcessStartInfo> _start;
    private readonly string _logFile;
    private readonly Action<string> _onOutputLine;
    private ChildProcess? _child;
    private (long At, string Remark)? _died;
    private bool _asked;
    private bool _killing;

    /// <param name="name">"coordinator", "worker 1".</param>
    /// <param name="start">Called for every start.</param>
    /// <param name="onOutputLine">Called on a reader's thread.</param>
    public ChildKeeper(string name, Func<ProcessStartInfo> start, string logFile, Action<string>? onOutputLine = null)
    {
        _name = name;
        _start = start;
        _logFile = logFile;
        _onOutputLine = onOutputLine ?? (_ => { });
        Ended = Task.Run(KeepAsync);
    }

    /// <summary>Completes when the child has ended for good.</summary>
    public Task Ended { get; }

    /// <summary>Times it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>In words, for a while after the child died: that it did, and that it is started again. "" otherwise.</summary>
    public string Remark
    {
        get
        {
            lock (_lock) return _died is { } died && Stopwatch.GetElapsedTime(died.At) < RemarkFor ? died.Remark : "";
        }
    }

    public int? ProcessId
    {
        get
        {
            lock (_lock) return _child?.Id;
        }
    }

    /// <summary>Not to be started again when it ends by itself.</summary>
    public void ExpectEnd() => _stopping.Cancel();

    /// <summary>Asks the child to stop.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        lock (_lock)
        {
            _asked = true;
            _child?.Stop();
        }
    }

    public void Kill()
    {
        _stopping.Cancel();
        lock (_lock)
        {
            _killing = true;
            _child?.Kill();
        }
    }

    private async Task KeepAsync()
    {
        var delay = FirstDelay;
        while (!_stopping.IsCancellationRequested)
        {
            long started = Stopwatch.GetTimestamp();
            var child = ChildProcess.Start(_start(), _logFile, _onOutputLine);
            lock (_lock)
            {
                _child = child;

                // Asked while it was being started.
                if (_killing) child.Kill();
                else if (_asked) child.Stop();
            }

            int status = await child.WaitAsync();
            string lastLine = child.LastErrorLine;
            lock (_lock)
            {
                _child = null;
                // Status 0: it was sent away by the coordinator, as at the end of a run.
                if (status != 0) _died = (Stopwatch.GetTimestamp(), $"The {_name} died (status {status}) and is started again; see {_logFile}");
            }

            child.Dispose();
            if (_stopping.IsCancellationRequested) return;
            if (status == ExitStatus.UserError) throw new UserErrorException(lastLine == "" ? $"{_name}: ended with status 2; see {_logFile}" : lastLine);

            if (Stopwatch.GetElapsedTime(started) >= Healthy) delay = FirstDelay;
            await Task.Delay(delay, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
            Restarts++;
        }
    }
}
