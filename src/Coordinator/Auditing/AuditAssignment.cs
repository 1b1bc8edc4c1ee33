using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Auditing;

/// <summary>Gives audits to workers other than those whose samples they compare, and sends what is to be computed again.</summary>
/// <remarks>
/// A worker on another machine is preferred: two on one machine share what may be broken. Owned by the run loop; not thread-safe.
/// </remarks>
internal sealed class AuditAssignment(AuditBook book, RunReader reader, Outbox outbox, TimeProvider time)
{
    /// <summary>An auditor that sends nothing for so long is not waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>
    /// Workers that are looked at in one turn of the run loop, to choose auditors: a thousand audits that a lost worker leaves would make
    /// it stand in a fleet of ten thousand.
    /// </summary>
    private const int MostExamined = 200_000;

    /// <summary>Differs after each restart, so that the result of an earlier order is never taken for that of another.</summary>
    private long _nextId = time.GetUtcNow().ToUnixTimeMilliseconds();

    private IReadOnlyList<WorkerSession>? _workers;
    private Dictionary<string, WorkerSession> _sessions = [];

    /// <param name="workers">Another list than before if a worker has changed: <c>Members.Available</c>.</param>
    public void Assign(IReadOnlyList<WorkerSession> workers)
    {
        if (!ReferenceEquals(workers, _workers)) (_workers, _sessions) = (workers, workers.ToDictionary(w => w.WorkerId));
        if (book.All.Count > 0) AssignOpen(workers);
        foreach (var (auditor, orderId, problem) in book.TakeEnded())
        {
            if (_sessions.TryGetValue(auditor, out var session))
                outbox.Enqueue(session, new AuditAssigned(new AuditOrder(orderId, problem, 0, [], 0, Complete: true)));
        }
    }

    private void AssignOpen(IReadOnlyList<WorkerSession> workers)
    {
        var now = time.GetUtcNow();
        var counts = book.All.Select(a => a.Auditor).OfType<string>().CountBy(id => id).ToDictionary();
        int examined = 0;
        foreach (var audit in book.All.Where(a => a.Open.Count > 0))
        {
            if (audit.Auditor is { } auditor && !MayGoOn(audit, auditor, now)) book.Release(audit);
            if (audit.Auditor is null)
            {
                // The next turn goes on with the others.
                if (examined > MostExamined) continue;
                examined += workers.Count;
                if (Choose(audit, workers, counts) is not { } chosen) continue;
                audit.AssignTo(chosen.WorkerId, _nextId++, now);
                counts[chosen.WorkerId] = counts.GetValueOrDefault(chosen.WorkerId) + 1;
            }

            if (_sessions.TryGetValue(audit.Auditor!, out var session)) Send(audit, session, now);
        }
    }

    /// <summary>It may not compute its own sample again, as it may have to after it took over the problem.</summary>
    private static bool MayGoOn(Audit audit, string auditor, DateTimeOffset now)
    {
        if (now - audit.MovedAt >= Patience) audit.NoteFailure(auditor);
        return audit.MayGoTo(auditor) && !audit.HasFailed(auditor);
    }

    private static WorkerSession? Choose(Audit audit, IReadOnlyList<WorkerSession> workers, Dictionary<string, int> counts)
    {
        var hosts = audit.Claims.Select(claim => claim.Host).ToHashSet();
        return workers.Where(w => audit.MayGoTo(w.WorkerId))
            .OrderBy(w => audit.HasFailed(w.WorkerId))
            .ThenBy(w => hosts.Contains(w.Host))
            .ThenBy(w => (double)counts.GetValueOrDefault(w.WorkerId) / w.Slots)
            .FirstOrDefault();
    }

    private void Send(Audit audit, WorkerSession session, DateTimeOffset now)
    {
        int first = audit.Sent, wanted = audit.Wanted;
        if (first >= wanted) return;
        audit.NoteSent(wanted, now);
        var (id, problem, measureFrom, complete) = (audit.OrderId, audit.ProblemId, audit.MeasureFrom, audit.SendsAll);
        DoneTruncation[] truncations = [.. audit.Done[first..wanted]];
        outbox.EnqueueRead(session, () => new AuditAssigned(Order(id, problem, first, truncations, measureFrom, complete)));
    }

    private AuditOrder Order(long id, long problem, int first, DoneTruncation[] truncations, int measureFrom, bool complete)
    {
        var thetas = reader.Thetas(truncations.Select(t => t.ThetaVersion));
        var audited = truncations.Select(t => new AuditedTruncation(t.Steps, thetas[t.ThetaVersion]));
        return new AuditOrder(id, problem, first, [.. audited], measureFrom, complete);
    }
}
