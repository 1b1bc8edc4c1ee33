using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>The run's status as the services see it: replaced whole, never changed once published.</summary>
internal sealed class StatusBoard
{
    private volatile Status _current = new() { State = RunState.WaitingForWorkers };

    public Status Current => _current;

    public void Publish(Status status) => _current = status;

    /// <summary>The run stands, and cannot compose a status itself: the last one, with the reason.</summary>
    public void Interrupt(string reason)
    {
        var status = _current.Clone();
        status.State = RunState.Interrupted;
        status.SamplesPerSecond = status.InnerStepsPerSecond = 0;
        status.Notices.Insert(0, StatusWords.ToProto(new Notice(NoticeKind.FileFault, NoticeSeverity.Problem, reason)));
        _current = status;
    }
}
