using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;

namespace LoptCluster.Coordinator.Membership;

/// <summary>What happens to a worker's problems when it returns, leaves or is lost.</summary>
internal sealed class ProblemHandover(ProblemLedger ledger, EvaluationSchedule evaluations, RunWriter writer, Outbox outbox)
{
    /// <summary>A worker joined: problems that it still holds stay its own, those that others have by now are revoked.</summary>
    /// <param name="session">The worker.</param>
    /// <param name="until">
    /// How long other problems that it had are kept for it: one that it no longer holds may have ended with a sample that it has yet to send again.
    /// </param>
    public void Resume(WorkerSession session, DateTimeOffset until)
    {
        // What was asked over the old connection may never have arrived.
        evaluations.Release(session.WorkerId);
        ledger.Reserve(session.WorkerId, until);
        foreach (var held in session.Hello.Held)
        {
            var problem = ledger.Find(held.ProblemId);
            bool free = problem is not null && (problem.Owner is null || problem.Owner == session.WorkerId);
            // It may be ahead by samples that it will send again, but never behind.
            if (free && held.NextTruncation >= problem!.NextTruncation && held.InnerStep >= problem.InnerStep)
            {
                problem.AssignTo(session.WorkerId);
                continue;
            }

            if (problem?.Owner == session.WorkerId) problem.Release();
            outbox.Enqueue(session, new ProblemRevoked(held.ProblemId));
        }
    }

    /// <summary>A worker was lost: its problems are kept for it until <paramref name="until"/>.</summary>
    /// <returns>Their number.</returns>
    public int Reserve(string workerId, DateTimeOffset until)
    {
        evaluations.Release(workerId);
        ledger.Reserve(workerId, until);
        return ledger.CountOf(workerId);
    }

    /// <summary>A worker left: its problems can be assigned to others at once.</summary>
    public void Release(string workerId)
    {
        evaluations.Release(workerId);
        ledger.ReleaseAll(workerId);
    }

    /// <summary>Keeps the states that a leaving worker hands back. A state that does not fit its problem is dropped: it is recomputed instead.</summary>
    /// <returns>Number of states kept.</returns>
    public int HandBack(string workerId, IReadOnlyList<ReturnedState> states)
    {
        int kept = 0;
        foreach (var (problemId, state) in states)
        {
            if (ledger.Find(problemId) is not { } problem || problem.Owner != workerId || !Fits(state, problem)) continue;
            writer.SetState(problem.Id, state);
            problem.HasHandedBackState = true;
            kept++;
        }

        return kept;
    }

    private static bool Fits(HandedBackState state, OpenProblem problem) =>
        state.NextTruncation == problem.NextTruncation
        && state.InnerStep == problem.InnerStep
        && state.W.Length > 0
        && state.W.Length % sizeof(float) == 0
        && state.M.Length % sizeof(float) == 0;
}
