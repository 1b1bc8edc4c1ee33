using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>What the run loop knows at one moment: everything that status, notices and gauges are composed from.</summary>
/// <remarks>Refers to parts of the run loop, so it is read on its thread and not kept.</remarks>
internal sealed record RunFacts
{
    public required DateTimeOffset Now { get; init; }

    public required RunStage Stage { get; init; }

    /// <summary>Training has ended, and the run waits for the evaluations of its last θ.</summary>
    public bool AwaitsEvaluations { get; init; }

    /// <summary>Training time, all starts together.</summary>
    public double Seconds { get; init; }

    /// <summary>Version of the θ that is served.</summary>
    public long Version { get; init; }

    /// <summary>The newest outer-update; null before the first.</summary>
    public HistoryEntry? Last { get; init; }

    /// <summary>Samples that wait for a full batch.</summary>
    public int Queued { get; init; }

    public IReadOnlyCollection<WorkerEntry> Connected { get; init; } = [];

    /// <summary>Workers whose connection broke, as long as their problems are kept for them.</summary>
    public IReadOnlyCollection<WorkerEntry> Lost { get; init; } = [];

    public required ProblemLedger Ledger { get; init; }

    public required EvaluationSchedule Evaluations { get; init; }

    /// <summary>Samples that another worker is still to compute again.</summary>
    public int AuditsOpen { get; init; }

    /// <summary>Audits in which workers do not agree.</summary>
    public IReadOnlyList<Audit> Disputes { get; init; } = [];

    public IReadOnlyCollection<QuarantineRecord> Quarantined { get; init; } = [];

    public required UpdateTrend Trend { get; init; }

    public required RunTotals Totals { get; init; }

    public required Incidents Incidents { get; init; }
}
