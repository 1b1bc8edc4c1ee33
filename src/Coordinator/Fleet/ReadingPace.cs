using LoptCluster.Coordinator.Sessions;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>
/// How fast the messages of one worker are read: a flood of what is refused or says nothing new stays in the worker's connection, and the
/// run loop keeps its time for samples.
/// </summary>
internal sealed class ReadingPace(WorkerSession session, TimeProvider time)
{
    /// <summary>What a refused message costs its sender.</summary>
    private static readonly TimeSpan PauseOfRefusal = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>A tenth of a worker's interval or less is no heartbeat of a program of ours.</summary>
    private static readonly TimeSpan ShortestBeat = TimeSpan.FromMilliseconds(100);

    private int _refused;
    private long _lastBeat;

    /// <summary>Waits as long as the worker's newest messages deserve.</summary>
    public async Task WaitAsync(IncomingMessage message, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, (session.Refused - _refused) * PauseOfRefusal.Ticks));
        _refused = session.Refused;
        if (message is HeartbeatReceived or StateUnusable)
        {
            long now = time.GetTimestamp();
            if (_lastBeat != 0 && time.GetElapsedTime(_lastBeat, now) < ShortestBeat && pause < ShortestBeat) pause = ShortestBeat;
            _lastBeat = now;
        }

        if (pause > TimeSpan.Zero) await Task.Delay(pause, time, cancellation);
    }
}
