using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>Opens problems, and assigns problems and evaluations to workers.</summary>
/// <remarks>Owned by the run loop; not thread-safe.</remarks>
internal sealed class WorkAssignment(
    RunSpecification specification, IRunMode mode, ProblemLedger ledger, EvaluationSchedule evaluations, AuditBook audits, RunWriter writer,
    RunReader reader, Outbox outbox)
{
    /// <summary>Problems that are assigned in one turn of the run loop, each with a row: many more would make it stand.</summary>
    private const int MostInATurn = 500;

    private IReadOnlyList<WorkerSession>? _assignedTo;
    private long _assignedAt = -1;
    private int? _usuallyOpen;

    /// <summary>
    /// Gives each worker problems up to its share: first open ones without an owner, then new ones where the mode opens them on demand.
    /// Where there are many, the next call goes on. While problems wait for workers that may come back, slots that would be idle get new
    /// ones, or where problems are fixed those that wait: nobody waits for workers that died.
    /// </summary>
    /// <param name="workers">Another list than before if a worker or its usable slots have changed: <c>Members.Available</c>.</param>
    public void AssignProblems(IReadOnlyList<WorkerSession> workers)
    {
        int left = mode.OpensOnDemand ? MostInATurn : Lend(workers, MostInATurn);
        if (left == 0) return;
        // Neither problems nor workers have changed since the last assignment: nobody lacks anything.
        if (workers.Count == 0 || (_assignedAt == ledger.Moves && ReferenceEquals(workers, _assignedTo))) return;
        if (ledger.NextProblemId == 0) OpenFirst();
        int allSlots = workers.Sum(w => w.UsableSlots);
        int target = FairShares.Target(specification.BatchSamples, allSlots);
        // What a restart finds, or the largest target since: whoever joins and breaks off again and again opens no more than as many again.
        _usuallyOpen = Math.Max(target, _usuallyOpen ?? ledger.Open.Count);
        var counts = ledger.Counts();
        var free = new Queue<OpenProblem>(ledger.Open.Where(p => p.Owner is null && p.ReservedUntil is null));
        int kept = ledger.Open.Count(p => p.IsKept);
        foreach (var worker in workers)
        {
            int share = FairShares.Of(worker.UsableSlots, allSlots, target);
            for (int count = counts.GetValueOrDefault(worker.WorkerId); count < share; count++)
            {
                if (!free.TryDequeue(out var problem))
                {
                    bool isIdle = kept == 0 || count < worker.UsableSlots;
                    bool isFull = ledger.Open.Count - kept >= target || ledger.Open.Count >= 2 * _usuallyOpen;
                    if (!mode.OpensOnDemand || !isIdle || isFull) break;
                    problem = Open(ledger.NextProblemId);
                }

                Assign(problem, worker);
                if (--left == 0) return;
            }
        }

        _assignedAt = ledger.Moves;
        _assignedTo = workers;
    }

    /// <summary>
    /// Gives each waiting evaluation to the worker that has the fewest for its slots, as long as one may have more. Where evaluations are
    /// the work of the run, a slot that would be idle is also given one that was refused of all these workers: the run waits for it.
    /// </summary>
    public void AssignEvaluations(IReadOnlyList<WorkerSession> workers)
    {
        if (workers.Count == 0) return;
        long perSlot = evaluations.MostPerSlot(workers.Sum(w => w.UsableSlots));
        var counts = evaluations.Jobs.Select(j => j.Worker).OfType<string>().CountBy(w => w).ToDictionary();
        long room = workers.Sum(RoomOf);
        foreach (var job in evaluations.Jobs.Where(j => j.Worker is null))
        {
            if (room <= 0) return;
            Give(job);
        }

        if (mode.LastEvaluations != TimeSpan.MaxValue) return;
        foreach (var job in evaluations.Jobs.Where(j => j.Worker is null && !workers.Any(w => j.MayGoTo(w.WorkerId))))
        {
            if (room <= 0) return;
            job.Pardon();
            Give(job);
        }

        void Give(EvaluationJob job)
        {
            var worker = workers.Where(w => job.MayGoTo(w.WorkerId) && RoomOf(w) > 0).MinBy(w => (double)CountOf(w) / w.Slots);
            if (worker is null) return;
            job.AssignTo(worker.WorkerId);
            counts[worker.WorkerId] = CountOf(worker) + 1;
            room--;
            outbox.Enqueue(worker, job.Message);
        }

        int CountOf(WorkerSession worker) => counts.GetValueOrDefault(worker.WorkerId);

        long RoomOf(WorkerSession worker) => Math.Max(0, (perSlot * worker.UsableSlots) - CountOf(worker));
    }

    /// <summary>Closes a problem that has ended and opens its successor, if the mode has one.</summary>
    public void Finish(OpenProblem problem)
    {
        writer.FinishProblem(problem.Id);
        if (mode.SuccessorOf(problem.Id) is { } successor) Open(successor).LaneVersion = problem.LaneVersion;
    }

    private void OpenFirst()
    {
        for (int id = 0; id < mode.FirstProblems; id++) Open(id);
    }

    /// <summary>
    /// Gives problems that wait for other workers to slots that have nothing to do at the newest θ. A worker that comes back goes on with
    /// its problem if nothing came of it meanwhile (<see cref="OpenProblem.IsLentBy"/>).
    /// </summary>
    /// <param name="workers">The workers that can be given work.</param>
    /// <param name="most">Problems that may be assigned.</param>
    /// <returns>How many of these are left.</returns>
    private int Lend(IReadOnlyList<WorkerSession> workers, int most)
    {
        if (!ledger.Open.Any(p => p.IsKept)) return most;
        long newest = ledger.Open.Min(p => mode.NotBeforeVersion(p.LaneVersion));
        var due = ledger.Open.Where(p => mode.NotBeforeVersion(p.LaneVersion) == newest).ToList();
        var kept = due.Where(p => p.IsKept).ToList();
        var busy = due.Where(p => !p.IsKept && p.Owner is not null).CountBy(p => p.Owner!).ToDictionary();
        foreach (var worker in workers)
        {
            int idle = Math.Min(most, worker.UsableSlots - busy.GetValueOrDefault(worker.WorkerId));
            // One of its own it may have ended, and send again the sample that did.
            foreach (var problem in kept.Where(p => p.LastOwner != worker.WorkerId).Take(idle).ToList())
            {
                kept.Remove(problem);
                Assign(problem, worker);
                most--;
            }
        }

        return most;
    }

    private OpenProblem Open(long id)
    {
        var problem = ledger.Add(id);
        writer.AddProblem(id, problem.Lane, problem.Horizon);
        return problem;
    }

    private void Assign(OpenProblem problem, WorkerSession worker)
    {
        if (problem.HasHandedBackState && problem.LastOwner != worker.WorkerId) audits.OnHandedOver(problem.Id);
        problem.AssignTo(worker.WorkerId, Random.Shared.NextInt64(1, long.MaxValue));
        writer.SetOwner(problem.Id, worker.WorkerId, problem.AssignmentId);
        var (id, horizon, lane, notBefore) = (problem.Id, problem.Horizon, problem.Lane, mode.NotBeforeVersion(problem.LaneVersion));
        var (assignment, hasState, done) = (problem.AssignmentId, problem.HasHandedBackState, problem.Done.ToArray());
        outbox.EnqueueRead(worker, () => new ProblemAssigned(id, assignment, horizon, lane, notBefore, OriginOf(id, hasState, done)));
    }

    /// <remarks>Called while the session's worker has the problem: nobody else can hand back a state meanwhile.</remarks>
    private StateOrigin OriginOf(long id, bool hasState, DoneTruncation[] done)
    {
        if (done.Length == 0) return StateOrigin.FromStart.Instance;
        if (hasState && reader.State(id) is { } state) return new StateOrigin.HandedBack(state);
        var thetas = reader.Thetas(done.Select(d => d.ThetaVersion));
        return new StateOrigin.Recomputed([.. done.Select(d => new RecomputedTruncation(d.Steps, thetas[d.ThetaVersion].Theta))]);
    }
}
