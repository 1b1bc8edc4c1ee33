using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.OuterTraining;

internal sealed partial class RunCore
{
    /// <summary>Gives each worker problems up to its share: first those that nobody has, then new ones (asynchronous mode).</summary>
    private void Assign()
    {
        _endedInGroup.Clear();
        if (_phase is not (RunState.Running or RunState.WaitingForWorkers) || _workers.Count == 0) return;
        if (Specification.Mode == RunMode.Synchronous && _ledger.NextProblemId == 0) OpenLanes();

        var able = _workers.Values.Where(w => !w.Draining).ToList();
        int allSlots = able.Sum(w => w.Session.Slots);
        int target = FairShares.Target(Specification.BatchSamples, allSlots);
        var counts = _ledger.Counts();
        var free = new Queue<OpenProblem>(_ledger.Open.Where(p => p.Owner is null && p.ReservedUntil is null));
        foreach (var worker in able)
        {
            int count = counts.GetValueOrDefault(worker.Session.WorkerId);
            for (int share = FairShares.Of(worker.Session.Slots, allSlots, target); count < share; count++)
            {
                if (!free.TryDequeue(out var problem) && !TryOpenNew(target, out problem)) break;
                Give(problem, worker.Session);
            }
        }
    }

    private void OpenLanes()
    {
        for (int lane = 0; lane < Specification.BatchSamples; lane++) OpenNew(lane, lane);
    }

    private bool TryOpenNew(int target, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OpenProblem? problem)
    {
        problem = null;
        if (Specification.Mode == RunMode.Synchronous || _ledger.Open.Count >= target) return false;
        problem = OpenNew(_ledger.NextProblemId, LaneOf(_ledger.NextProblemId));
        return true;
    }

    private OpenProblem OpenNew(long id, int lane)
    {
        var problem = _ledger.Add(id, lane);
        _writer.AddProblem(id, lane, problem.Horizon);
        return problem;
    }

    private void Give(OpenProblem problem, WorkerSession session)
    {
        problem.Owner = session.WorkerId;
        problem.ReservedUntil = null;
        // Composed after the commit, when state and θ versions can be read back.
        _outbox.Add((session, () => new CoordinatorMessage { Assignment = new Assignment { Problem = Compose(problem) } }));
    }

    /// <summary>How to reach the state that the problem goes on from: from the start, handed back, or recomputed.</summary>
    private InnerProblem Compose(OpenProblem problem)
    {
        var message = new InnerProblem
        {
            ProblemId = problem.Id,
            Horizon = problem.Horizon,
            Lane = problem.Lane,
            NotBeforeVersion = Specification.Mode == RunMode.Synchronous ? problem.LaneVersion + 1 : 0,
        };
        if (problem.NextTruncation == 0) return message;
        if (problem.HasHandedBackState && _reader.State(problem.Id) is { } state)
        {
            message.State = new InnerStateBlob
            {
                ProblemId = problem.Id,
                NextTruncation = state.NextTruncation,
                InnerStep = state.InnerStep,
                W = Google.Protobuf.ByteString.CopyFrom(state.W.Span),
                M = Google.Protobuf.ByteString.CopyFrom(state.M.Span),
            };
            return message;
        }

        foreach (var done in problem.Done)
        {
            var theta = _reader.Theta(done.ThetaVersion) ?? throw new InvalidOperationException($"θ version {done.ThetaVersion} is not in the run's file.");
            message.Replay.Add(new ReplayedTruncation { Truncation = done.Truncation, Steps = done.Steps, Theta = ThetaWire.ToProto(theta) });
        }

        return message;
    }

    /// <summary>Evaluations go to the workers that have the fewest of them for their slots.</summary>
    private void AssignEvaluations()
    {
        if (_phase is RunState.Draining or RunState.Finished) return;
        foreach (var job in _evaluations.Jobs.Where(j => j.Worker is null))
        {
            var worker = _workers.Values
                .Where(w => !w.Draining)
                .MinBy(w => (double)_evaluations.Jobs.Count(j => j.Worker == w.Session.WorkerId) / w.Session.Slots);
            if (worker is null) return;
            job.Worker = worker.Session.WorkerId;
            _outbox.Add((worker.Session, () => new CoordinatorMessage { Assignment = new Assignment { Evaluation = _evaluations.ToProto(job) } }));
        }
    }

    private void TakeEvaluation(WorkerEntry worker, EvaluationResult result)
    {
        if (_evaluations.Refuse(result) is { } fault)
        {
            Refuse(worker.Session, fault.Contains("finite", StringComparison.Ordinal) ? RejectReason.NotFinite : RejectReason.Malformed, fault, fatal: false);
            return;
        }

        if (_evaluations.Complete(result) is not { } stored) return;
        _writer.AddEvaluation(stored);
        Telemetry.CoordinatorLog.Evaluated(_log, stored.Version, (EvaluationSplit)stored.Split, stored.MeanLoss, worker.Session.WorkerId);
    }
}
