using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Web;

/// <summary>The status as the page shows it. Bounded: workers are counted here and listed page by page elsewhere.</summary>
internal sealed record StatusView
{
    public required string State { get; init; }

    public required long UnixMilliseconds { get; init; }

    public required long OuterUpdate { get; init; }

    public required long OuterUpdates { get; init; }

    public required double TruncationSteps { get; init; }

    public required double OuterLossAverage { get; init; }

    /// <summary>Figures of the last outer-update, by name.</summary>
    public required IReadOnlyDictionary<string, double> Figures { get; init; }

    public required double SamplesPerSecond { get; init; }

    public required double InnerStepsPerSecond { get; init; }

    public required double SecondsPerSample { get; init; }

    public required int QueueDepth { get; init; }

    public required double SecondsRunning { get; init; }

    public required double SecondsLeft { get; init; }

    public required double EvaluationOuterTrain { get; init; }

    public required double EvaluationOuterTest { get; init; }

    public required double BaselineOuterTrain { get; init; }

    public required double BaselineOuterTest { get; init; }

    /// <summary>Newest loss of the average of θ on outer-train tasks; NaN while there is none.</summary>
    public required double AverageOuterTrain { get; init; }

    public required double AverageOuterTest { get; init; }

    public required long BestVersion { get; init; }

    /// <summary>How far the comparison is; null: the run makes none.</summary>
    public required ComparisonView? Comparison { get; init; }

    /// <summary>Accepted, rpInvalid, stale, duplicate, refused.</summary>
    public required IReadOnlyDictionary<string, long> Samples { get; init; }

    /// <summary>Refused messages by reason.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }

    /// <summary>Number of workers in each state.</summary>
    public required IReadOnlyDictionary<string, int> Workers { get; init; }

    /// <summary>Of the workers that are connected.</summary>
    public required int Slots { get; init; }

    public required IReadOnlyList<RefusalView> Refusals { get; init; }

    public static StatusView Of(Status status, DateTimeOffset now) => new()
    {
        State = PageWords.Of(status.State),
        UnixMilliseconds = now.ToUnixTimeMilliseconds(),
        OuterUpdate = status.OuterUpdate,
        OuterUpdates = status.OuterUpdatesTotal,
        TruncationSteps = status.TruncationSteps,
        OuterLossAverage = status.OuterLossAverage,
        Figures = status.Figures,
        SamplesPerSecond = status.SamplesPerSecond,
        InnerStepsPerSecond = status.InnerStepsPerSecond,
        SecondsPerSample = status.SecondsPerSample,
        QueueDepth = status.QueueDepth,
        SecondsRunning = status.SecondsRunning,
        SecondsLeft = status.SecondsLeft,
        EvaluationOuterTrain = status.EvaluationOuterTrain,
        EvaluationOuterTest = status.EvaluationOuterTest,
        BaselineOuterTrain = status.BaselineOuterTrain,
        BaselineOuterTest = status.BaselineOuterTest,
        AverageOuterTrain = status.AverageOuterTrain,
        AverageOuterTest = status.AverageOuterTest,
        BestVersion = status.BestVersion,
        Comparison = status.Comparison is { } c ? new(c.TasksDone, c.Tasks, c.TrainingsDone, c.Trainings) : null,
        Samples = new Dictionary<string, long>
        {
            ["accepted"] = status.SamplesAccepted,
            ["rpInvalid"] = status.SamplesRpInvalid,
            ["stale"] = status.SamplesStale,
            ["duplicate"] = status.SamplesDuplicate,
        },
        Refused = status.SamplesRejected.ToDictionary(r => PageWords.Spaced(r.Key), r => r.Value),
        Workers = status.Workers.CountBy(w => w.State).ToDictionary(),
        Slots = status.Workers.Where(w => w.State != WorkerStates.Lost).Sum(w => w.Slots),
        Refusals = [.. status.Refusals.Select(
            r => new RefusalView(r.UnixMilliseconds, r.WorkerId, PageWords.Spaced(r.Reason.ToString()), r.Detail))],
    };
}

internal sealed record ComparisonView(int TasksDone, int Tasks, int TrainingsDone, int Trainings);

internal sealed record RefusalView(long UnixMilliseconds, string Worker, string Reason, string Detail);
