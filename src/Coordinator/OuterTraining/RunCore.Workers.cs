using LoptCluster.Coordinator.RunStore;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.OuterTraining;

internal sealed partial class RunCore
{
    private const int MostSlots = 4096;

    /// <summary>A worker that says nothing for this many heartbeats is lost.</summary>
    private const int SilentHeartbeats = 5;

    /// <summary>Workers whose connection broke, as long as their problems are kept for them.</summary>
    private readonly Dictionary<string, (WorkerEntry Worker, DateTimeOffset Until)> _lost = [];

    private string? _datasetFingerprint;
    private string? _layoutFingerprint;

    private void Join(WorkerSession session)
    {
        var hello = session.Hello;
        if (RefusalOf(hello) is { } refusal)
        {
            Refuse(session, refusal.Reason, refusal.Detail, fatal: true);
            _leaving.Add(session);
            return;
        }

        if (_willBeBack && hello.Held.Count == 0)
        {
            // It has handed back what it had, and came too early: the next process will welcome it.
            session.Abort();
            return;
        }

        bool known = _workers.TryGetValue(session.WorkerId, out var old);
        if (known) old!.Session.Abort();
        // What was asked of the old connection may never have arrived.
        _evaluations.Release(session.WorkerId);
        if (_lost.Remove(session.WorkerId) || known) _metrics.WorkerReturned();
        _metrics.WorkerJoined();
        _workers[session.WorkerId] = new WorkerEntry(session, _time.GetUtcNow());
        NoteFingerprints(hello.DatasetFingerprint, hello.LayoutFingerprint);
        _outbox.Add((session, () => Welcome(session)));
        TakeUp(session);
        if (_paused || _lastUpdateAt is not null || _phase is RunState.Draining or RunState.Finished) Say(session, new CoordinatorMessage { SetPaused = new SetPaused { Paused = true } });
        if (_phase is RunState.Draining or RunState.Finished) Dismiss(_workers[session.WorkerId], _willBeBack ? "the coordinator stops" : "the run has ended");
        CoordinatorLog.WorkerJoined(_log, session.WorkerId, session.Host, session.Slots, hello.Held.Count);
    }

    private CoordinatorMessage Welcome(WorkerSession session)
    {
        session.Welcomed = true;
        return new CoordinatorMessage
        {
            Welcome = new Welcome
            {
                RunId = _run.RunId,
                SpecificationJson = _run.SpecificationJson,
                SpecificationHash = _run.SpecificationHash,
                ThetaLength = _theta.Length,
                Theta = ThetaWire.ToProto(_theta),
                HeartbeatSeconds = Math.Max(1, (int)_options.HeartbeatInterval.TotalSeconds),
            },
        };
    }

    /// <summary>Problems that the worker still has go on being its; what it lost is anybody's; what it has in vain is revoked.</summary>
    private void TakeUp(WorkerSession session)
    {
        var held = session.Hello.Held.ToDictionary(h => h.ProblemId);
        // A problem that it no longer holds may have ended with a sample that is still to be sent again: wait for that a while before it is computed anew.
        _ledger.Reserve(session.WorkerId, _time.GetUtcNow() + _options.LostWorkerGrace);
        foreach (var h in held.Values)
        {
            var problem = _ledger.Find(h.ProblemId);
            bool free = problem is not null && (problem.Owner is null || problem.Owner == session.WorkerId);
            // It may be ahead by samples that it will send again, never behind.
            if (free && h.NextTruncation >= problem!.NextTruncation && h.InnerStep >= problem.InnerStep)
            {
                problem.Owner = session.WorkerId;
                problem.ReservedUntil = null;
            }
            else
            {
                if (problem?.Owner == session.WorkerId) ProblemLedger.Release(problem);
                Say(session, new CoordinatorMessage { Revoke = new Revoke { ProblemId = h.ProblemId } });
            }
        }
    }

    private void Receive(WorkerSession session, WorkerMessage message)
    {
        if (!_workers.TryGetValue(session.WorkerId, out var worker) || worker.Session != session) return;
        worker.LastHeard = _time.GetUtcNow();
        switch (message.KindCase)
        {
            case WorkerMessage.KindOneofCase.Sample: TakeSample(worker, message.Sample); break;
            case WorkerMessage.KindOneofCase.Heartbeat: TakeHeartbeat(worker, message.Heartbeat); break;
            case WorkerMessage.KindOneofCase.Evaluation: TakeEvaluation(worker, message.Evaluation); break;
            case WorkerMessage.KindOneofCase.Goodbye: TakeGoodbye(worker, message.Goodbye); break;
            default: Refuse(session, RejectReason.Malformed, $"a message of kind {message.KindCase} has no place here", fatal: false); break;
        }
    }

    /// <summary>A connection ended without a Goodbye: its problems are kept for it for a while.</summary>
    private void Leave(WorkerSession session)
    {
        if (!_workers.TryGetValue(session.WorkerId, out var worker) || worker.Session != session) return;
        _workers.Remove(session.WorkerId);
        _evaluations.Release(session.WorkerId);
        var until = _time.GetUtcNow() + _options.LostWorkerGrace;
        _ledger.Reserve(session.WorkerId, until);
        _lost[session.WorkerId] = (worker, until);
        _metrics.WorkerLost();
        int problems = _ledger.CountOf(session.WorkerId);
        _incidents.Lost(_time.GetUtcNow(), session.WorkerId, session.Host, problems);
        CoordinatorLog.WorkerLost(_log, session.WorkerId, problems, _options.LostWorkerGrace.TotalSeconds);
    }

    private void TakeHeartbeat(WorkerEntry worker, Heartbeat heartbeat)
    {
        worker.InnerStepsPerSecond = double.IsFinite(heartbeat.InnerStepsPerSecond) ? heartbeat.InnerStepsPerSecond : 0;
        worker.Activity = heartbeat.Slots.GroupBy(s => s.Activity).MaxBy(g => g.Count())?.Key ?? WorkerActivities.Waiting;
        if (MismatchOf(heartbeat.DatasetFingerprint, heartbeat.LayoutFingerprint) is { } mismatch)
        {
            Refuse(worker.Session, mismatch.Reason, mismatch.Detail, fatal: true);
            Remove(worker);
            return;
        }

        NoteFingerprints(heartbeat.DatasetFingerprint, heartbeat.LayoutFingerprint);
    }

    /// <summary>The first worker's dataset and inner-problem are the run's.</summary>
    private void NoteFingerprints(string dataset, string layout)
    {
        Note(ref _datasetFingerprint, dataset, RunContext.FingerprintKey);
        Note(ref _layoutFingerprint, layout, RunContext.LayoutKey);

        void Note(ref string? known, string fingerprint, string key)
        {
            if (fingerprint.Length == 0 || known is not null) return;
            known = fingerprint;
            _writer.SetValue(key, fingerprint);
        }
    }

    private void TakeGoodbye(WorkerEntry worker, Goodbye goodbye)
    {
        int kept = 0;
        foreach (var state in goodbye.States)
        {
            var problem = _ledger.Find(state.ProblemId);
            bool fits = problem?.Owner == worker.Session.WorkerId
                && state.NextTruncation == problem.NextTruncation
                && state.InnerStep == problem.InnerStep
                && state.W.Length > 0
                && state.W.Length % sizeof(float) == 0
                && state.M.Length % sizeof(float) == 0;
            // What does not fit is recomputed from the start of its problem instead.
            if (!fits) continue;
            _writer.SetState(problem!.Id, new HandedBackState(state.NextTruncation, state.InnerStep, state.W.Memory, state.M.Memory));
            problem.HasHandedBackState = true;
            kept++;
        }

        _metrics.WorkerLeft(kept);
        CoordinatorLog.WorkerLeft(_log, worker.Session.WorkerId, goodbye.Reason, kept);
        Remove(worker);
    }

    /// <summary>Ends a worker's membership; its problems are anybody's at once.</summary>
    private void Remove(WorkerEntry worker)
    {
        _workers.Remove(worker.Session.WorkerId);
        _evaluations.Release(worker.Session.WorkerId);
        foreach (var problem in _ledger.Open.Where(p => p.Owner == worker.Session.WorkerId)) ProblemLedger.Release(problem);
        _leaving.Add(worker.Session);
    }

    private void LoseSilentWorkers()
    {
        var deadline = _time.GetUtcNow() - (SilentHeartbeats * _options.HeartbeatInterval);
        foreach (var worker in _workers.Values.Where(w => w.LastHeard < deadline).ToList())
        {
            worker.Session.Abort();
            Leave(worker.Session);
        }
    }

    private (RejectReason Reason, string Detail)? RefusalOf(Hello hello)
    {
        if (hello.WorkerId.Length is 0 or > 200) return (RejectReason.Malformed, $"the worker id has {hello.WorkerId.Length} characters; 1 to 200 are allowed");
        if (hello.Slots is < 1 or > MostSlots) return (RejectReason.Malformed, $"the worker offers {hello.Slots} slots; 1 to {MostSlots} are allowed");
        if (hello.Held.Select(h => h.ProblemId).Distinct().Count() != hello.Held.Count) return (RejectReason.Malformed, "the worker says twice that it holds a problem");
        if (hello.EngineVersion != EngineVersion.Current)
            return (RejectReason.WrongEngineVersion, $"the worker's engine is version '{hello.EngineVersion}', this run's '{EngineVersion.Current}'; start a worker of the same release");
        if (hello.RunId.Length > 0 && hello.RunId != _run.RunId)
            return (RejectReason.WrongRun, $"the worker belongs to run '{hello.RunId}', here is run '{_run.RunId}'");
        return MismatchOf(hello.DatasetFingerprint, hello.LayoutFingerprint);
    }

    private (RejectReason Reason, string Detail)? MismatchOf(string dataset, string layout)
    {
        _datasetFingerprint ??= _reader.Value(RunContext.FingerprintKey);
        _layoutFingerprint ??= _reader.Value(RunContext.LayoutKey);
        if (Differs(dataset, _datasetFingerprint))
            return (RejectReason.WrongDataset, $"the worker's dataset has fingerprint {dataset}, the run's {_datasetFingerprint}; give the worker the same files with --data");
        if (Differs(layout, _layoutFingerprint))
            return (RejectReason.WrongInnerProblem, $"the worker's inner-problem has {layout}, the run's {_layoutFingerprint}; start a worker of the same build, with the same module");
        return null;

        static bool Differs(string fingerprint, string? known) => fingerprint.Length > 0 && known is not null && fingerprint != known;
    }

    private void Refuse(WorkerSession session, RejectReason reason, string detail, bool fatal, Sample? sample = null)
    {
        _totals.Rejected[reason] = _totals.Rejected.GetValueOrDefault(reason) + 1;
        _incidents.Refused(_time.GetUtcNow(), session.WorkerId, reason, detail);
        _metrics.Refused(reason);
        CoordinatorLog.Refused(_log, session.WorkerId, reason, detail);
        Say(session, new CoordinatorMessage
        {
            Reject = new Reject { Reason = reason, Detail = detail, Fatal = fatal, ProblemId = sample?.ProblemId ?? -1, Truncation = sample?.Truncation ?? -1 },
        });
    }
}
