using LoptCluster.Coordinator.RunStore;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.OuterTraining;

/// <summary>Counts and rates of the run, for the status. Owned by the run loop.</summary>
internal sealed class RunTotals
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private const double AverageKeep = 0.95;

    private readonly Queue<(DateTimeOffset At, int Steps, double Seconds)> _recent = [];
    private DateTimeOffset _since;

    public long Accepted { get; set; }

    /// <summary>Of the accepted and the stale ones.</summary>
    public long RpComputed { get; private set; }

    public long RpInvalid { get; private set; }

    /// <summary>What they took, seconds of one slot.</summary>
    public double Seconds { get; private set; }

    /// <summary>The part of it that reverse sweeps took.</summary>
    public double RpSeconds { get; private set; }

    public long Duplicate { get; set; }

    public long Stale { get; set; }

    public Dictionary<RejectReason, long> Rejected { get; } = [];

    /// <summary>Exponential average of the batches' outer-loss; NaN before the first.</summary>
    public double OuterLossAverage { get; private set; } = double.NaN;

    /// <summary>Computing time of one slot for one inner-step of a pair, lately, seconds; NaN before the first sample.</summary>
    public double SlotSecondsPerPairStep => _recent.Count == 0 ? double.NaN : _recent.Sum(r => r.Seconds) / _recent.Sum(r => (double)r.Steps);

    public void NoteLoss(double loss) =>
        OuterLossAverage = double.IsNaN(OuterLossAverage) ? loss : (AverageKeep * OuterLossAverage) + ((1 - AverageKeep) * loss);

    public void Restore(StoredCounts counts) =>
        (Accepted, Stale, RpComputed, RpInvalid, Seconds, RpSeconds) = (counts.Accepted, counts.Stale, counts.RpComputed, counts.RpInvalid, counts.Seconds, counts.RpSeconds);

    public void NoteSample(DateTimeOffset now, GradientSample sample)
    {
        if (sample.RpComputed) RpComputed++;
        if (sample.RpComputed && !sample.RpValid) RpInvalid++;
        Seconds += sample.Elapsed.TotalSeconds;
        RpSeconds += sample.ElapsedRp.TotalSeconds;
        if (_recent.Count == 0) _since = now;
        _recent.Enqueue((now, sample.Steps, sample.Elapsed.TotalSeconds));
    }

    public (double Samples, double InnerSteps, double SecondsPerSample) Rates(DateTimeOffset now)
    {
        while (_recent.TryPeek(out var oldest) && now - oldest.At > Window) _recent.Dequeue();
        double span = Math.Clamp((now - _since).TotalSeconds, 1, Window.TotalSeconds);
        // Both halves of the antithetic pair step.
        return _recent.Count == 0 ? (0, 0, double.NaN) : (_recent.Count / span, 2.0 * _recent.Sum(r => r.Steps) / span, _recent.Average(r => r.Seconds));
    }
}
