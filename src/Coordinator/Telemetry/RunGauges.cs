using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>The run loop's own figures, renewed a few times a second. NaN: unknown.</summary>
internal sealed record RunGauges
{
    public RunStage Stage { get; init; } = RunStage.WaitingForWorkers;

    public long Version { get; init; }

    public int Queued { get; init; }

    /// <summary>Outer-training so far, seconds.</summary>
    public double SecondsRunning { get; init; }

    public double SecondsLeft { get; init; } = double.NaN;

    /// <summary>Seconds of one slot's computing to the end of the run.</summary>
    public double SlotSecondsLeft { get; init; } = double.NaN;

    /// <summary>Tasks and inner-trainings of a comparison, done and all; null: the run makes none.</summary>
    public (int TasksDone, int Tasks, int TrainingsDone, int Trainings)? Comparison { get; init; }

    public double OuterLossAverage { get; init; } = double.NaN;

    public FleetGauges Fleet { get; init; } = new();

    /// <summary>Samples that are to be computed again by another worker.</summary>
    public int AuditsOpen { get; init; }

    /// <summary>Samples about which workers do not agree, and no third has decided.</summary>
    public int AuditDisputes { get; init; }

    /// <summary>Workers that may not join, because a sample of them was wrong.</summary>
    public int Quarantined { get; init; }

    public IReadOnlyList<EvaluationGauge> Evaluations { get; init; } = [];

    public double BestLoss { get; init; } = double.NaN;

    public long BestVersion { get; init; } = -1;
}

/// <summary>Newest mean loss on tasks of a split.</summary>
internal readonly record struct EvaluationGauge(ClassSplit Split, string Optimizer, double Loss);

/// <summary>The workers together: as many figures for ten thousand as for two.</summary>
internal sealed record FleetGauges
{
    public int Connected { get; init; }

    public int Draining { get; init; }

    public int Lost { get; init; }

    /// <summary>Slots of the connected workers.</summary>
    public int Slots { get; init; }

    /// <summary>Connected workers by what most of their slots do.</summary>
    public IReadOnlyDictionary<string, int> Activities { get; init; } = new Dictionary<string, int>();

    /// <summary>Inner-steps/s of the slowest, the median and the fastest worker; null: there is none.</summary>
    public (double Least, double Median, double Most)? InnerStepsPerSecond { get; init; }

    public int ProblemsAssigned { get; init; }

    /// <summary>Open problems that a lost worker may come back for.</summary>
    public int ProblemsReserved { get; init; }

    public int ProblemsFree { get; init; }
}
