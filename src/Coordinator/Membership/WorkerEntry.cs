using LoptCluster.Coordinator.Sessions;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Membership;

/// <summary>A worker as the run loop knows it.</summary>
/// <remarks>Mutable; owned by the run loop.</remarks>
internal sealed class WorkerEntry(WorkerSession session)
{
    public WorkerSession Session { get; } = session;

    public DateTimeOffset LastHeard => Session.LastHeard;

    public long Samples { get; set; }

    /// <summary>States that it has handed back, which were kept.</summary>
    public int StatesHandedBack { get; set; }

    public double InnerStepsPerSecond { get; set; }

    /// <summary>What most of its slots do, one of <see cref="WorkerActivities"/>.</summary>
    public string Activity { get; set; } = WorkerActivities.Joining;

    /// <summary>It kept problems without moving them: it gets no work until a sample comes.</summary>
    public bool Stalled { get; set; }

    public bool Draining => FarewellUntil is not null;

    /// <summary>Set once it is dismissed: until then it may hand back its states.</summary>
    public DateTimeOffset? FarewellUntil { get; set; }
}
