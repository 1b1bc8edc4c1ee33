using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Audits that this worker makes. They take turns, a truncation at a time; between them come problems.</summary>
/// <remarks>Not thread-safe: part of <see cref="UnrollPoolState"/>.</remarks>
internal sealed class AuditQueue
{
    private readonly Dictionary<long, HeldAudit> _held = [];
    private readonly LinkedList<HeldAudit> _ready = [];
    private int _problemTurns;

    public int Count => _held.Count;

    /// <summary>Begins an audit, adds truncations to one, or ends one.</summary>
    public void Take(AuditOrder order)
    {
        if (order.Truncations.IsEmpty && order.First == 0)
        {
            Drop(order.AuditId);
            return;
        }

        if (order.First == 0) _held[order.AuditId] = new HeldAudit(order);
        // One that is not held was ended meanwhile, or lost with a connection: the coordinator begins it anew.
        if (!_held.TryGetValue(order.AuditId, out var audit) || audit.Received != order.First) return;
        foreach (var truncation in order.Truncations) audit.Waiting.Enqueue(truncation);
        audit.Received += order.Truncations.Length;
        audit.Complete |= order.Complete;
        if (!audit.Running) Queue(audit);
    }

    /// <summary>The next truncation in turn: each audit has as many turns as a problem has.</summary>
    /// <param name="problems">Problems that the worker holds.</param>
    /// <param name="problemReady">One of them could be taken up now.</param>
    public WorkItem.Audit? TryDequeue(int problems, bool problemReady)
    {
        if (_ready.First is not { Value: var audit } || (problemReady && _problemTurns * Count < problems))
        {
            _problemTurns++;
            return null;
        }

        _problemTurns = 0;
        _ready.RemoveFirst();
        audit.Running = true;
        return new WorkItem.Audit(audit, audit.Waiting.Dequeue());
    }

    /// <summary>A slot has computed the truncation that it had dequeued.</summary>
    /// <returns>Whether the audit is still wanted.</returns>
    public bool Release(HeldAudit audit)
    {
        audit.Running = false;
        if (_held.GetValueOrDefault(audit.Id) != audit) return false;
        Queue(audit);
        return true;
    }

    /// <summary>After a reconnect the coordinator asks again for what was not finished.</summary>
    public void Clear()
    {
        _held.Clear();
        _ready.Clear();
    }

    private void Queue(HeldAudit audit)
    {
        if (audit.Waiting.Count == 0)
        {
            if (audit.Complete) Drop(audit.Id);
            return;
        }

        _ready.Remove(audit);
        _ready.AddLast(audit);
    }

    private void Drop(long id)
    {
        if (_held.Remove(id, out var audit)) _ready.Remove(audit);
    }
}
