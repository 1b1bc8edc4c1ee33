using LoptCluster.Protos.V1;

namespace LoptCluster.Coordinator.OuterTraining;

/// <summary>Counts and rates of the run, for the status. Owned by the run loop.</summary>
internal sealed class RunTotals
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private const double AverageKeep = 0.95;

    private readonly Queue<(DateTimeOffset At, int Steps, double Seconds)> _recent = [];
    private DateTimeOffset _since;

    public long Accepted { get; set; }

    public long RpInvalid { get; set; }

    public long Duplicate { get; set; }

    public long Stale { get; set; }

    public Dictionary<RejectReason, long> Rejected { get; } = [];

    /// <summary>Exponential average of the batches' outer-loss; NaN before the first.</summary>
    public double OuterLossAverage { get; private set; } = double.NaN;

    /// <summary>Computing time of one slot for one inner-step of a pair, lately, seconds; NaN before the first sample.</summary>
    public double SlotSecondsPerPairStep => _recent.Count == 0 ? double.NaN : _recent.Sum(r => r.Seconds) / _recent.Sum(r => (double)r.Steps);

    public void NoteLoss(double loss) =>
        OuterLossAverage = double.IsNaN(OuterLossAverage) ? loss : (AverageKeep * OuterLossAverage) + ((1 - AverageKeep) * loss);

    public void NoteSample(DateTimeOffset now, int steps, double seconds)
    {
        if (_recent.Count == 0) _since = now;
        _recent.Enqueue((now, steps, seconds));
    }

    public (double Samples, double InnerSteps, double SecondsPerSample) Rates(DateTimeOffset now)
    {
        while (_recent.TryPeek(out var oldest) && now - oldest.At > Window) _recent.Dequeue();
        double span = Math.Clamp((now - _since).TotalSeconds, 1, Window.TotalSeconds);
        // Both halves of the antithetic pair step.
        return _recent.Count == 0 ? (0, 0, double.NaN) : (_recent.Count / span, 2.0 * _recent.Sum(r => r.Steps) / span, _recent.Average(r => r.Seconds));
    }
}
