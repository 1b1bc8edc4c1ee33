using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>Counts and rates of the run's samples, for the status. Owned by the run loop.</summary>
internal sealed class RunTotals
{
    private readonly RecentSamples _recent = new();

    public long Accepted { get; private set; }

    /// <summary>Accepted and stale samples with a g_rp.</summary>
    public long RpComputed { get; private set; }

    /// <summary>Those of them whose g_rp was not finite.</summary>
    public long RpInvalid { get; private set; }

    /// <summary>Seconds of one slot that all accepted and stale samples took.</summary>
    public double Seconds { get; private set; }

    /// <summary>The part of <see cref="Seconds"/> that reverse sweeps took.</summary>
    public double RpSeconds { get; private set; }

    public long Duplicate { get; set; }

    public long Stale { get; private set; }

    /// <summary>Refused messages by reason.</summary>
    public Dictionary<RefusalReason, long> Rejected { get; } = [];

    /// <summary>Computing time of one slot for one inner-step of a pair, lately, seconds; NaN before the first sample.</summary>
    public double SlotSecondsPerPairStep => _recent.Sum() is { Samples: > 0 } recent ? recent.Seconds / recent.Steps : double.NaN;

    public void Restore(StoredCounts counts) =>
        (Accepted, Stale, RpComputed, RpInvalid, Seconds, RpSeconds) = (
            counts.Accepted, counts.Stale, counts.RpComputed, counts.RpInvalid, counts.Seconds, counts.RpSeconds);

    /// <summary>Counts a sample that was stored.</summary>
    /// <param name="now">The time.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="counts">False: it is stale.</param>
    public void NoteSample(DateTimeOffset now, GradientSample sample, bool counts)
    {
        if (counts) Accepted++;
        else Stale++;
        Seconds += sample.Elapsed.TotalSeconds;
        foreach (var gradient in sample.Gradients)
        {
            RpComputed++;
            if (!gradient.IsFinite) RpInvalid++;
            RpSeconds += gradient.Elapsed.TotalSeconds;
        }

        _recent.Add(now, sample);
    }

    /// <summary>A sample that was counted is dropped, and computed again by another worker.</summary>
    public void Forget(GradientSample sample)
    {
        Accepted--;
        Seconds -= sample.Elapsed.TotalSeconds;
        foreach (var gradient in sample.Gradients)
        {
            RpComputed--;
            if (!gradient.IsFinite) RpInvalid--;
            RpSeconds -= gradient.Elapsed.TotalSeconds;
        }
    }

    /// <summary>Samples that were too old to count are dropped.</summary>
    public void ForgetStale(int samples) => Stale -= samples;

    public (double Samples, double InnerSteps, double SecondsPerSample) Rates(DateTimeOffset now)
    {
        double span = _recent.SecondsUntil(now);
        var sum = _recent.Sum();
        return sum.Samples == 0 ? (0, 0, double.NaN) : (sum.Samples / span, sum.UnrolledSteps / span, sum.Seconds / sum.Samples);
    }
}
