using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Membership;

/// <summary>What happens to a worker's problems when it returns, leaves or is lost.</summary>
/// <param name="ledger">The open problems.</param>
/// <param name="evaluations">The evaluations under way.</param>
/// <param name="audits">The audits under way.</param>
/// <param name="shape">Shape of every state of the run, as far as it is known without an inner-problem.</param>
/// <param name="writer">Stores states.</param>
/// <param name="refusals">Refuses states that do not fit.</param>
/// <param name="outbox">Messages to workers.</param>
internal sealed class ProblemHandover(
    ProblemLedger ledger, EvaluationSchedule evaluations, AuditBook audits, InnerStateShape shape, RunWriter writer, Refusals refusals,
    Outbox outbox)
{
    /// <summary>
    /// A worker joined: problems that it still holds stay its own, also where they were lent meanwhile and nothing came of it; those that
    /// others have by now are revoked.
    /// </summary>
    /// <param name="session">The worker.</param>
    /// <param name="until">
    /// How long other problems that it had are kept for it: one that it no longer holds may have ended with a sample that it has yet to
    /// send again.
    /// </param>
    /// <returns>The problems that others had begun in its place, with these workers.</returns>
    public IReadOnlyList<(string Worker, long ProblemId)> Resume(WorkerSession session, DateTimeOffset until)
    {
        List<(string Worker, long ProblemId)> lent = [];
        // What was asked over the old connection may never have arrived.
        evaluations.Release(session.WorkerId);
        audits.Release(session.WorkerId);
        ledger.Reserve(session.WorkerId, until);
        foreach (var held in session.Hello.Held)
        {
            var problem = ledger.Find(held.ProblemId);
            bool isIts = problem is not null && problem.MayBeClaimedBy(session.WorkerId, held.AssignmentId);
            // It may be ahead by samples that it will send again, but never behind.
            if (isIts && held.NextTruncation >= problem!.NextTruncation && held.InnerStep >= problem.InnerStep)
            {
                if (problem.Owner is { } borrower && borrower != session.WorkerId) lent.Add((borrower, problem.Id));
                problem.AssignTo(session.WorkerId, held.AssignmentId);
                writer.SetOwner(problem.Id, session.WorkerId, problem.AssignmentId);
                continue;
            }

            if (problem?.Owner == session.WorkerId) problem.Release();
            outbox.Enqueue(session, new ProblemRevoked(held.ProblemId));
        }

        return lent;
    }

    /// <summary>A worker was lost: its problems are kept for it until <paramref name="until"/>.</summary>
    /// <returns>Their number.</returns>
    public int Reserve(string workerId, DateTimeOffset until)
    {
        evaluations.Release(workerId);
        audits.Release(workerId);
        ledger.Reserve(workerId, until);
        return ledger.CountOf(workerId);
    }

    /// <summary>A worker left: its problems can be assigned to others at once.</summary>
    public void Release(string workerId)
    {
        evaluations.Release(workerId);
        audits.Release(workerId);
        ledger.ReleaseAll(workerId);
    }

    /// <summary>
    /// Keeps a state that a leaving worker hands back. One that does not fit its problem, or is of an earlier assignment, is refused or
    /// dropped: it is recomputed instead.
    /// </summary>
    /// <returns>Whether it was kept.</returns>
    public bool HandBack(WorkerSession session, StateHandedBack handedBack)
    {
        var state = handedBack.State;
        if (ledger.Find(state.ProblemId) is not { } problem || problem.Owner != session.WorkerId || !IsAt(state, problem)) return false;
        if (problem.AssignmentId != handedBack.AssignmentId) return false;
        if (shape.MismatchOf(state) is { } mismatch)
        {
            refusals.Refuse(
                session, new Refusal(RefusalReason.WrongLength, $"the state of problem {problem.Id} does not fit: {mismatch}"));
            return false;
        }

        if (!state.IsFinite)
        {
            refusals.Refuse(
                session, new Refusal(RefusalReason.NotFinite, $"the state of problem {problem.Id} has a value that is not finite"));
            return false;
        }

        writer.SetState(state, session.WorkerId, problem.Holders[session.WorkerId]);
        problem.HasHandedBackState = true;
        return true;
    }

    /// <summary>Forgets a handed-back state that a worker cannot use; the problem is assigned again and its state recomputed.</summary>
    public void DropState(string workerId, long problemId)
    {
        if (ledger.Find(problemId) is not { } problem || problem.Owner != workerId) return;
        writer.DropState(problemId);
        problem.HasHandedBackState = false;
        problem.Release();
    }

    private static bool IsAt(InnerState state, OpenProblem problem) =>
        state.NextTruncation == problem.NextTruncation && state.InnerStep == problem.InnerStep && state.Horizon == problem.Horizon;
}
