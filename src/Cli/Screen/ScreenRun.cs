using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;

namespace LoptCluster.Cli.Screen;

/// <summary>A run at one moment, as the coordinator tells it. Null: not known yet.</summary>
internal sealed record ScreenRun
{
    public required string RunId { get; init; }
    public required string Preset { get; init; }
    public required RunState State { get; init; }
    public long OuterUpdate { get; init; }
    public long OuterUpdatesTotal { get; init; }

    /// <summary>k of the schedule, inner-steps, before jitter.</summary>
    public double TruncationSteps { get; init; }
    public double? OuterLossAverage { get; init; }

    /// <summary>Figures of the last outer-update, by name; empty before the first.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, double> Figures { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    public double SamplesPerSecond { get; init; }
    public double InnerStepsPerSecond { get; init; }
    public double? SecondsPerSample { get; init; }
    public long SamplesAccepted { get; init; }
    public long SamplesRpInvalid { get; init; }
    public long SamplesRpComputed { get; init; }
    public long SamplesDuplicate { get; init; }
    public long SamplesStale { get; init; }
    public double SampleSeconds { get; init; }
    public double SampleSecondsRp { get; init; }
    public ImmutableSortedDictionary<string, long> SamplesRejected { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    [JsonPropertyName("secondsRunning")]
    public TimeSpan Running { get; init; }

    [JsonPropertyName("secondsLeft")]
    public TimeSpan? Left { get; init; }
    public int QueueDepth { get; init; }
    public ImmutableArray<ScreenWorker> Workers { get; init; } = [];
    public double? EvaluationOuterTrain { get; init; }
    public double? EvaluationOuterTest { get; init; }
    public double? BaselineOuterTrain { get; init; }
    public double? BaselineOuterTest { get; init; }

    /// <summary>Of the average of θ, if the run keeps one.</summary>
    public double? AverageOuterTrain { get; init; }
    public double? AverageOuterTest { get; init; }
    public long? BestVersion { get; init; }

    /// <summary>How far the comparison is; null: the run makes none.</summary>
    public ScreenComparison? Comparison { get; init; }

    /// <summary>What deserves attention, the most severe first.</summary>
    public ImmutableArray<RunNotice> Notices { get; init; } = [];

    /// <summary>The most severe of them; null: nothing needs attention. The end of a run is told by its conclusion instead.</summary>
    [JsonIgnore]
    public RunNotice? Notice => Notices.FirstOrDefault(n => n.Severity != NoticeSeverity.Success);

    /// <summary>What a finished run has led to; null before its end, and if it ended by diverging.</summary>
    [JsonIgnore]
    public RunNotice? Conclusion => Notices.FirstOrDefault(n => n.Severity == NoticeSeverity.Success);

    /// <summary>A figure of the last outer-update; null where it does not exist.</summary>
    public double? this[UpdateFigure figure] => Figures.TryGetValue(figure.Name, out double value) ? value : null;

    /// <summary>The estimators that the last outer-update computed.</summary>
    [JsonIgnore]
    public IEnumerable<EstimatorId> Estimators =>
        EstimatorRegistry.Computed.Where(e => Figures.ContainsKey(UpdateFigureTable.Variance[e].Name));

    /// <summary>The estimator whose weight says how much of the merge is left to g_rp; null: nothing is merged.</summary>
    [JsonIgnore]
    public EstimatorId? Weighed => Estimators.Skip(1).Cast<EstimatorId?>().FirstOrDefault();

    public double Progress => Comparison is { Trainings: > 0 } comparison
        ? comparison.TrainingsDone / (double)comparison.Trainings
        : OuterUpdatesTotal <= 0 ? 0 : Math.Clamp(OuterUpdate / (double)OuterUpdatesTotal, 0, 1);

    public bool Finished => State == RunState.Finished;

    public static ScreenRun From(Status status) => new()
    {
        RunId = status.RunId,
        Preset = status.Preset,
        State = status.State,
        OuterUpdate = status.OuterUpdate,
        OuterUpdatesTotal = status.OuterUpdatesTotal,
        TruncationSteps = status.TruncationSteps,
        OuterLossAverage = Once(status.OuterLossAverage, status),
        Figures = status.Figures.ToImmutableSortedDictionary(StringComparer.Ordinal),
        SamplesPerSecond = Known(status.SamplesPerSecond) ?? 0,
        InnerStepsPerSecond = Known(status.InnerStepsPerSecond) ?? 0,
        SecondsPerSample = Known(status.SecondsPerSample),
        SamplesAccepted = status.SamplesAccepted,
        SamplesRpInvalid = status.SamplesRpInvalid,
        SamplesRpComputed = status.SamplesRpComputed,
        SamplesDuplicate = status.SamplesDuplicate,
        SamplesStale = status.SamplesStale,
        SampleSeconds = status.SampleSeconds,
        SampleSecondsRp = status.SampleSecondsRp,
        SamplesRejected = status.SamplesRejected.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Running = Time(status.SecondsRunning) ?? TimeSpan.Zero,
        Left = Time(status.SecondsLeft),
        QueueDepth = status.QueueDepth,
        Workers = [.. status.Workers.Select(ScreenWorker.From)],
        EvaluationOuterTrain = Known(status.EvaluationOuterTrain),
        EvaluationOuterTest = Known(status.EvaluationOuterTest),
        BaselineOuterTrain = Known(status.BaselineOuterTrain),
        BaselineOuterTest = Known(status.BaselineOuterTest),
        AverageOuterTrain = Known(status.AverageOuterTrain),
        AverageOuterTest = Known(status.AverageOuterTest),
        BestVersion = status.BestVersion < 0 ? null : status.BestVersion,
        Comparison = status.Comparison is { } c ? new(c.TasksDone, c.Tasks, c.TrainingsDone, c.Trainings) : null,
        Notices = [.. status.Notices.Select(RunNotice.From)],
    };

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    /// <summary>Numbers of the last outer-update: there are none before the first.</summary>
    private static double? Once(double value, Status status) => status.OuterUpdate == 0 ? null : Known(value);

    private static TimeSpan? Time(double seconds) =>
        double.IsFinite(seconds) && seconds is >= 0 and < 1e10 ? TimeSpan.FromSeconds(seconds) : null;
}
