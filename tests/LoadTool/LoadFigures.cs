using System.Diagnostics;
using HdrHistogram;

namespace LoptCluster.LoadTool;

/// <summary>Counts and times of all streams together.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LoadFigures
{
    private const long LongestMicroseconds = 600_000_000;
    private const int Digits = 3;

    /// <summary>Versions of θ that are under way at once, at most.</summary>
    private const int Versions = 1 << 16;

    private readonly long[] _firstSeen = new long[Versions];
    private long _accepted, _others, _newest, _firstAccepted;
    private string? _refusal;
    private int _lost;

    private LongConcurrentHistogram _acknowledgement = Histogram(), _theta = Histogram();

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Others => Interlocked.Read(ref _others);

    public string? Refusal => _refusal;

    /// <summary>From a moment until the first sample was accepted.</summary>
    public TimeSpan FirstAccepted(long since) => Stopwatch.GetElapsedTime(since, Interlocked.Read(ref _firstAccepted));

    /// <summary>Streams that ended although nobody asked for it.</summary>
    public int Lost => _lost;

    /// <summary>Newest version of θ that came anywhere.</summary>
    public long Newest => Interlocked.Read(ref _newest);

    /// <summary>Ends what was counted so far, and begins anew.</summary>
    /// <returns>Times to an acknowledgement, and until a stream has a new θ, microseconds.</returns>
    public async Task<(HistogramBase Acknowledgement, HistogramBase Theta)> TakeAsync()
    {
        (_accepted, _others) = (0, 0);
        var acknowledgement = Interlocked.Exchange(ref _acknowledgement, Histogram());
        var theta = Interlocked.Exchange(ref _theta, Histogram());
        // Who has begun to note something is done by then.
        await Task.Delay(200);
        return (acknowledgement, theta);
    }

    public void NoteAccepted(long sent)
    {
        if (Interlocked.Read(ref _firstAccepted) == 0) Interlocked.CompareExchange(ref _firstAccepted, Stopwatch.GetTimestamp(), 0);
        Interlocked.Increment(ref _accepted);
        _acknowledgement.RecordValue(Microseconds(Stopwatch.GetElapsedTime(sent)));
    }

    public void NoteOther(string? refusal)
    {
        Interlocked.Increment(ref _others);
        if (refusal is not null) Interlocked.CompareExchange(ref _refusal, refusal, null);
    }

    public void NoteLost(string why)
    {
        Interlocked.Increment(ref _lost);
        Interlocked.CompareExchange(ref _refusal, why, null);
    }

    /// <summary>A stream that had one version of θ has a newer one: it is as late as each of those between is.</summary>
    public void NoteTheta(long had, long has)
    {
        long now = Stopwatch.GetTimestamp();
        for (long version = Math.Max(had + 1, has - Versions + 1); version <= has; version++)
        {
            // A place was last used 65,536 versions before.
            ref long place = ref _firstSeen[version % Versions];
            long first = Interlocked.Read(ref place);
            if (first == 0 || version > Interlocked.Read(ref _newest))
            {
                Interlocked.Exchange(ref place, now);
                Advance(version);
                first = now;
            }

            _theta.RecordValue(Microseconds(Stopwatch.GetElapsedTime(first, now)));
        }
    }

    private void Advance(long version)
    {
        long newest = Interlocked.Read(ref _newest);
        while (version > newest)
        {
            long seen = Interlocked.CompareExchange(ref _newest, version, newest);
            if (seen == newest) return;
            newest = seen;
        }
    }

    private static long Microseconds(TimeSpan time) => Math.Clamp((long)time.TotalMicroseconds, 1, LongestMicroseconds);

    private static LongConcurrentHistogram Histogram() => new(1, LongestMicroseconds, Digits);
}
