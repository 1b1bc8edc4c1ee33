using System.Threading.Channels;
using LoptCluster.Shared.Run;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Telemetry;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Messages to the coordinator: each sample is kept until its acknowledgement and sent again after a reconnect.</summary>
/// <remarks>
/// Not thread-safe: part of <see cref="UnrollPoolState"/>. Without a connection only samples are kept; any other message would be out
/// of date by the next one.
/// </remarks>
/// <param name="slots">Slots of this worker.</param>
internal sealed class Outbox(int slots)
{
    private const int UnacknowledgedPerSlot = 4;

    private readonly LinkedList<OutboundMessage.Measured> _unacknowledged = [];
    private ChannelWriter<OutboundMessage>? _connection;

    public bool IsEmpty => _unacknowledged.Count == 0;

    /// <summary>Finished problems whose last sample is not acknowledged yet.</summary>
    public IEnumerable<ProblemPosition> FinishedProblems => _unacknowledged
        .Where(m => m.Sample.ProblemFinished)
        .Select(m => new ProblemPosition(
            m.Sample.Identity.ProblemId, m.Sample.Identity.Truncation + 1, m.Sample.StartStep + m.Sample.Steps, m.AssignmentId));

    /// <summary>Back-pressure: at most 4 samples per slot and one per held problem wait for an acknowledgement.</summary>
    public bool HasRoom(int heldProblems) => _unacknowledged.Count < (UnacknowledgedPerSlot * slots) + heldProblems;

    /// <summary>Sends to <paramref name="connection"/> from now on: first the status, then the unacknowledged samples.</summary>
    public void Connect(ChannelWriter<OutboundMessage> connection)
    {
        _connection = connection;
        Send(new OutboundMessage.StatusDue());
        foreach (var sample in _unacknowledged) Send(sample);
    }

    /// <summary>Sends a sample and keeps it until it is acknowledged.</summary>
    public void Enqueue(OutboundMessage.Measured sample)
    {
        _unacknowledged.AddLast(sample);
        Send(sample);
    }

    /// <summary>Sends a message that is lost if the connection is.</summary>
    public void Send(OutboundMessage message) => _connection?.TryWrite(message);

    /// <summary>Forgets an acknowledged sample. An identity that is not waiting for an acknowledgement is ignored.</summary>
    public void Acknowledge(SampleIdentity identity, string outcome) => Remove(s => s.Identity == identity, outcome);

    /// <summary>Forgets the samples of a revoked problem.</summary>
    public void Revoke(long problemId) => Remove(s => s.Identity.ProblemId == problemId, "dropped");

    private void Remove(Func<GradientSample, bool> matches, string outcome)
    {
        for (var node = _unacknowledged.First; node is not null;)
        {
            var next = node.Next;
            if (matches(node.Value.Sample))
            {
                UnrollTraces.End(node.Value.Trace, outcome);
                _unacknowledged.Remove(node);
            }

            node = next;
        }
    }
}
