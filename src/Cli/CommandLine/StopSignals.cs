using System.Runtime.InteropServices;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Ctrl-C and SIGTERM: the first cancels <see cref="Token"/>, the second ends the process.</summary>
/// <remarks>Thread-safe: signals arrive on threads of their own.</remarks>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private Action? _beforeTheEnd;
    private int _count;

    public CancellationToken Token => _source.Token;

    public static StopSignals OfThisProcess()
    {
        var signals = new StopSignals();
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            signals._registrations.Add(PosixSignalRegistration.Create(signal, signals.Receive));
        }

        return signals;
    }

    /// <summary>Registers an action that a second signal runs before the process ends.</summary>
    public void OnSecond(Action action) => _beforeTheEnd += action;

    /// <summary>Requests the stop that a first signal requests.</summary>
    public void Request()
    {
        if (Interlocked.Increment(ref _count) == 1) _source.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _count) == 1)
        {
            context.Cancel = true;
            _source.Cancel();
            return;
        }

        // Not cancelled, so the signal's default action follows and ends the process.
        _beforeTheEnd?.Invoke();
    }
}
