using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Store.Ledger;
using LoptCluster.Engine.Datasets;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;

namespace LoptCluster.Coordinator.Operations;

/// <summary>What outer-training has come to, as a coordinator tells it or the file of a run does.</summary>
public sealed record TrainingRecord
{
    /// <summary>Training alone, all starts of a resumed run together; in a file, up to the last outer-update.</summary>
    public required double Seconds { get; init; }

    /// <summary>Samples that θ was or will be moved by.</summary>
    public required long SamplesAccepted { get; init; }

    /// <summary>Accepted and stale samples whose g_rp is not finite.</summary>
    public required long SamplesRpInvalid { get; init; }

    /// <summary>Accepted and stale samples with a g_rp.</summary>
    public required long SamplesRpComputed { get; init; }

    /// <summary>Computing time of all samples, in seconds of one slot.</summary>
    public required double SampleSeconds { get; init; }

    /// <summary>The part of <see cref="SampleSeconds"/> spent in reverse sweeps.</summary>
    public required double SampleSecondsRp { get; init; }

    /// <summary>Mean loss of tuned Adam on the fixed held-out tasks, nats; null before its evaluation.</summary>
    public double? BaselineOuterTest { get; init; }

    /// <summary>A row per outer-update, oldest first.</summary>
    public required IReadOnlyList<HistoryRow> History { get; init; }

    /// <summary>Number of outer-updates applied.</summary>
    public long OuterUpdates => History.Count > 0 ? History[^1].OuterUpdate : 0;

    /// <summary>Of a run that is not opened for it, and may be going on.</summary>
    /// <param name="run">The run; its folder holds both of its files.</param>
    /// <exception cref="UserErrorException">The ledger is missing or unreadable.</exception>
    public static TrainingRecord Of(RecordedThetas run)
    {
        var reader = new RunReader(run.Directory);
        StoredCounts counts;
        using (var ledger = new LedgerReader(run.Directory)) counts = reader.Counts().With(ledger.Pruned());
        var adam = reader.Evaluations().FirstOrDefault(e => e is { Split: ClassSplit.OuterTest, ThetaVersion: null });
        return new TrainingRecord
        {
            Seconds = run.Seconds(),
            SamplesAccepted = counts.Accepted,
            SamplesRpInvalid = counts.RpInvalid,
            SamplesRpComputed = counts.RpComputed,
            SampleSeconds = counts.Seconds,
            SampleSecondsRp = counts.RpSeconds,
            BaselineOuterTest = adam?.MeanLoss,
            History = HistoryComposer.Compose(reader, 0).Rows,
        };
    }
}
