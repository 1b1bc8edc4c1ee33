using System.Diagnostics;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Shared;
using Polly;
using Polly.Retry;

namespace LoptCluster.Cli.Processes;

/// <summary>Keeps one child process running: restarts it with a growing delay whenever it dies, until it is stopped.</summary>
/// <remarks>
/// A child that exits with <see cref="ExitStatus.UserError"/> is not restarted, because the same error would recur:
/// <see cref="Ended"/> then fails with the child's last line. Thread-safe.
/// </remarks>
internal sealed class ChildKeeper
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    /// <summary>A child that dies after this long starts again with the first delay; one that dies sooner doubles it.</summary>
    private static readonly TimeSpan HealthyLife = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RemarkDuration = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _name;
    private readonly Func<ProcessStartInfo> _start;
    private readonly string _logFile;
    private readonly TimeProvider _time;
    private readonly Action<string> _onOutputLine;
    private readonly ResiliencePipeline<TimeSpan> _restart;
    private ChildProcess? _child;
    private (long At, string Remark)? _died;
    private int _starts;
    private bool _stopRequested;
    private bool _killRequested;

    /// <param name="name">Name of the process in messages: "coordinator", "worker 1".</param>
    /// <param name="start">Called for every start.</param>
    /// <param name="logFile">Receives the child's standard error.</param>
    /// <param name="onOutputLine">Called with each line of standard output, on a reader's thread.</param>
    public ChildKeeper(string name, Func<ProcessStartInfo> start, string logFile, TimeProvider time, Action<string>? onOutputLine = null)
    {
        _name = name;
        _start = start;
        _logFile = logFile;
        _time = time;
        _onOutputLine = onOutputLine ?? (_ => { });
        _restart = new ResiliencePipelineBuilder<TimeSpan> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<TimeSpan>
            {
                ShouldHandle = new PredicateBuilder<TimeSpan>().HandleResult(lifetime => lifetime < HealthyLife),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
            })
            .Build();
        Ended = Task.Run(KeepAsync);
    }

    /// <summary>Completes when the child has ended for good.</summary>
    public Task Ended { get; }

    /// <summary>Number of times the child was restarted.</summary>
    public int Restarts => Math.Max(0, Volatile.Read(ref _starts) - 1);

    /// <summary>Message for a while after the child died; "" otherwise.</summary>
    public string Remark
    {
        get
        {
            lock (_lock) return _died is { } died && _time.GetElapsedTime(died.At) < RemarkDuration ? died.Remark : "";
        }
    }

    /// <summary>Null while no child is running.</summary>
    public int? ProcessId
    {
        get
        {
            lock (_lock) return _child?.Id;
        }
    }

    /// <summary>Stops restarting: the child's next exit is its last.</summary>
    public void ExpectEnd() => _stopping.Cancel();

    /// <summary>Asks the child to stop, and does not restart it.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        lock (_lock)
        {
            _stopRequested = true;
            _child?.Stop();
        }
    }

    /// <summary>Kills the child, and does not restart it.</summary>
    public void Kill()
    {
        _stopping.Cancel();
        lock (_lock)
        {
            _killRequested = true;
            _child?.Kill();
        }
    }

    private async Task KeepAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                // Returns when a child has died after a healthy life: the delays begin anew.
                await _restart.ExecuteAsync(_ => new ValueTask<TimeSpan>(RunChildAsync()), _stopping.Token);
                await Task.Delay(FirstDelay, _time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Runs the child to its end and returns how long it lived.</summary>
    /// <exception cref="UserErrorException">The child reported an error that a restart cannot fix.</exception>
    private async Task<TimeSpan> RunChildAsync()
    {
        long started = _time.GetTimestamp();
        Interlocked.Increment(ref _starts);
        using var child = ChildProcess.Start(_start(), _logFile, _time, _onOutputLine);
        lock (_lock)
        {
            _child = child;

            // A request may have come while the child was being started.
            if (_killRequested) child.Kill();
            else if (_stopRequested) child.Stop();
        }

        int status = await child.WaitAsync();
        lock (_lock)
        {
            _child = null;

            // Status 0 is no death: the coordinator sent the child away, as at the end of a run.
            if (status != 0)
                _died = (_time.GetTimestamp(), $"The {_name} died (status {status}) and is being restarted; see '{_logFile}'.");
        }

        if (status == ExitStatus.UserError && !_stopping.IsCancellationRequested)
        {
            string lastLine = child.LastErrorLine;
            throw new UserErrorException(lastLine == "" ? $"The {_name} ended with status {status}; see '{_logFile}'." : lastLine);
        }

        return _time.GetElapsedTime(started);
    }
}
