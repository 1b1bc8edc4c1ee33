namespace LoptCluster.Coordinator.Sessions;

/// <summary>Messages to workers that wait for the commit: nothing is sent before its content is durable.</summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class Outbox
{
    private readonly List<(WorkerSession Session, Action<WorkerSession> Send)> _messages = [];
    private readonly List<WorkerSession> _ending = [];

    public void Enqueue(WorkerSession session, OutgoingMessage message) => _messages.Add((session, s => s.Send(message)));

    /// <param name="session">The receiver.</param>
    /// <param name="compose">Called by the run loop after the commit, when what it reads is published.</param>
    public void Enqueue(WorkerSession session, Func<OutgoingMessage> compose) => _messages.Add((session, s => s.Send(compose())));

    /// <param name="session">The receiver.</param>
    /// <param name="compose">
    /// Called after the commit by the thread that writes to the stream: what it reads of the run's file must not hold up the run loop.
    /// </param>
    public void EnqueueRead(WorkerSession session, Func<OutgoingMessage> compose) => _messages.Add((session, s => s.Send(compose)));

    /// <summary>Ends the stream after the messages that are queued for it.</summary>
    public void End(WorkerSession session) => _ending.Add(session);

    public void Send()
    {
        foreach (var (session, send) in _messages) send(session);
        _messages.Clear();
        foreach (var session in _ending) session.Complete();
        _ending.Clear();
    }
}
