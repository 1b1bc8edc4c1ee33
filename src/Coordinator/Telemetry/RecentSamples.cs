using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>Sums over the samples of the last seconds. What they cost does not depend on how many samples there were.</summary>
internal sealed class RecentSamples
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10), Resolution = TimeSpan.FromMilliseconds(100);

    private readonly LinkedList<(DateTimeOffset Begin, RecentSum Sum)> _parts = [];
    private DateTimeOffset _since;

    public void Add(DateTimeOffset now, GradientSample sample)
    {
        // The clock was set back.
        if (now < _parts.Last?.Value.Begin) _parts.Clear();
        if (_parts.Count == 0) _since = now;
        if (_parts.Last is null || now - _parts.Last.Value.Begin >= Resolution) _parts.AddLast((now, default));
        _parts.Last!.ValueRef.Sum += new RecentSum(1, sample.Steps, sample.UnrolledSteps, sample.Elapsed.TotalSeconds);
    }

    /// <summary>Forgets what is older than the window.</summary>
    /// <returns>Length of the window, seconds; less at the start, but at least 1.</returns>
    public double SecondsUntil(DateTimeOffset now)
    {
        while (_parts.First is { } oldest && now - oldest.Value.Begin > Window) _parts.RemoveFirst();
        return Math.Clamp((now - _since).TotalSeconds, 1, Window.TotalSeconds);
    }

    public RecentSum Sum() => _parts.Aggregate(default(RecentSum), (sum, part) => sum + part.Sum);
}
