using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Sessions;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>A connected worker and its run.</summary>
/// <remarks>Guarded by <see cref="WorkerPlaces"/>.</remarks>
internal sealed class WorkerPlace(RunHost run, WorkerSession session)
{
    public RunHost Run { get; } = run;

    public WorkerSession Session { get; } = session;

    /// <summary>The run that it is moved to; null: it stays.</summary>
    public RunHost? MovesTo { get; set; }
}
