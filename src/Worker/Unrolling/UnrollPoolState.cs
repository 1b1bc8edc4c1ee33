using LoptCluster.Shared.Run;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Everything that link and slots share, and the changes that concern several parts of it at once.</summary>
/// <remarks>Not thread-safe: reachable only by the <see cref="Guarded{TState}"/> of <see cref="UnrollPool"/>, under its lock.</remarks>
internal sealed class UnrollPoolState(int slots)
{
    public ProblemPool Problems { get; } = new();

    public EvaluationQueue Evaluations { get; } = new();

    public AuditQueue Audits { get; } = new();

    public Outbox Outbox { get; } = new(slots);

    /// <summary>Null before the first welcome.</summary>
    public JoinedRun? Run { get; set; }

    public Fingerprints Fingerprints { get; private set; } = Fingerprints.Unknown;

    /// <summary>No slot gets another work item.</summary>
    public bool Closing { get; set; }

    /// <summary>Open problems, and finished ones whose last sample is not acknowledged yet.</summary>
    public IReadOnlyList<ProblemPosition> Positions => [.. Problems.Positions, .. Outbox.FinishedProblems];

    /// <summary>Reports what the slots compute with. Every slot calls it before its first sample; only the first call counts.</summary>
    public void Announce(Fingerprints fingerprints)
    {
        if (Fingerprints != Fingerprints.Unknown) return;
        Fingerprints = fingerprints;
        Outbox.Send(new OutboundMessage.StatusDue());
    }

    /// <summary>Adds a problem; what the worker still has of an earlier assignment of it is dropped.</summary>
    public void Assign(ProblemAssignment assignment)
    {
        Revoke(assignment.ProblemId);
        Problems.Add(assignment);
    }

    public void Acknowledge(Acknowledgement acknowledgement)
    {
        Outbox.Acknowledge(acknowledgement.Identity, acknowledgement.Outcome);
        if (acknowledgement.Superseded) Revoke(acknowledgement.Identity.ProblemId);
    }

    /// <summary>Drops a problem and its unacknowledged samples.</summary>
    public void Revoke(long problemId)
    {
        Problems.Revoke(problemId);
        Outbox.Revoke(problemId);
    }

    /// <summary>Records and sends the sample of a problem that a slot has unrolled.</summary>
    /// <returns>Whether the sample was sent: false if the problem was revoked in the meantime.</returns>
    public bool Complete(HeldProblem problem, OutboundMessage.Measured measured)
    {
        if (!Problems.Complete(problem, measured.Sample, Run!.Gate.EarliestVersionAfter(measured.Sample))) return false;
        Outbox.Enqueue(measured);
        return true;
    }

    /// <summary>Sends the sample of an audit, unless the audit has ended meanwhile.</summary>
    /// <param name="audit">The audit.</param>
    /// <param name="sample">Null: the truncation was not measured.</param>
    public void Audited(HeldAudit audit, GradientSample? sample)
    {
        if (Audits.Release(audit) && sample is not null)
            Outbox.Send(new OutboundMessage.Audited(audit.Id, sample, Run!.SpecificationHash));
    }

    /// <summary>
    /// Drops a problem whose handed-back state does not fit it, and tells the coordinator, unless the problem was revoked in the meantime.
    /// </summary>
    public void ReturnUnusable(HeldProblem problem, string mismatch)
    {
        if (problem.Revoked) return;
        Problems.Revoke(problem.Id);
        Outbox.Send(new OutboundMessage.StateUnusable(problem.Id, mismatch));
    }

    /// <summary>A slot's next work item.</summary>
    /// <param name="work">Null: the pool closes.</param>
    /// <returns>False: nothing to do until the state changes.</returns>
    public bool TryDequeue(out WorkItem? work)
    {
        work = null;
        if (Closing) return true;
        work = Evaluations.TryDequeue();
        bool hasRoom = Outbox.HasRoom(Problems.Count);
        if (work is null && !Problems.Paused) work = Audits.TryDequeue(Problems.Count, hasRoom && Problems.HasReady);
        if (work is null && hasRoom) work = Problems.TryDequeue();
        return work is not null;
    }
}
