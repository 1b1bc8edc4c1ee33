namespace LoptCluster.Coordinator.Sessions;

/// <summary>Messages to workers that wait for the commit: nothing is sent before its content is durable.</summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class Outbox
{
    private List<(WorkerSession Session, Action<WorkerSession> Send)> _messages = [];
    private List<WorkerSession> _ending = [];

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

    /// <summary>Empties it: what comes now waits for another commit.</summary>
    /// <returns>Sends what was in it; to be called by the run loop once that is durable.</returns>
    public Action Take()
    {
        var (messages, ending) = (_messages, _ending);
        (_messages, _ending) = ([], []);
        return () =>
        {
            foreach (var (session, send) in messages) send(session);
            foreach (var session in ending) session.Complete();
        };
    }
}
