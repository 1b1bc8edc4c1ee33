using LoptCluster.Coordinator.Sessions;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Membership;

/// <summary>A worker as the run loop knows it.</summary>
/// <remarks>Mutable; owned by the run loop.</remarks>
/// <param name="session">Its connection.</param>
/// <param name="onAvailabilityChanged">Called when it can be given work, or no longer, or more at once.</param>
internal sealed class WorkerEntry(WorkerSession session, Action? onAvailabilityChanged = null)
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
    public bool Stalled
    {
        get;
        set
        {
            if (field == value) return;
            field = value;
            onAvailabilityChanged?.Invoke();
        }
    }

    public bool Draining => FarewellUntil is not null;

    /// <summary>Set once it is dismissed: until then it may hand back its states.</summary>
    public DateTimeOffset? FarewellUntil
    {
        get;
        set
        {
            field = value;
            onAvailabilityChanged?.Invoke();
        }
    }

    /// <summary>A sample or an evaluation of it was accepted.</summary>
    public void NoteDelivered()
    {
        int usable = Session.UsableSlots;
        Session.Delivered++;
        if (Session.UsableSlots != usable) onAvailabilityChanged?.Invoke();
    }
}
