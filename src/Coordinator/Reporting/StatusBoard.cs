using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>The run's status as the services see it: replaced whole, never changed once published.</summary>
internal sealed class StatusBoard
{
    private volatile Status _current = new() { State = RunState.WaitingForWorkers };

    public Status Current => _current;

    public void Publish(Status status) => _current = status;
}
