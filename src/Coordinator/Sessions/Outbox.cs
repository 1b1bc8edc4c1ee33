namespace LoptCluster.Coordinator.Sessions;

/// <summary>Messages to workers that wait for the commit: nothing is sent before its content is durable.</summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class Outbox
{
    private readonly List<(WorkerSession Session, Func<OutgoingMessage> Compose)> _messages = [];
    private readonly List<WorkerSession> _ending = [];

    public void Enqueue(WorkerSession session, OutgoingMessage message) => _messages.Add((session, () => message));

    /// <param name="session">The receiver.</param>
    /// <param name="compose">Called after the commit, when what it reads is in the file and published.</param>
    public void Enqueue(WorkerSession session, Func<OutgoingMessage> compose) => _messages.Add((session, compose));

    /// <summary>Ends the stream after the messages that are queued for it.</summary>
    public void End(WorkerSession session) => _ending.Add(session);

    public void Send()
    {
        foreach (var (session, compose) in _messages) session.Send(compose());
        _messages.Clear();
        foreach (var session in _ending) session.Complete();
        _ending.Clear();
    }
}
