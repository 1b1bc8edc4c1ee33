using System.Diagnostics;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.RunStore;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.OuterTraining;

internal sealed partial class RunCore
{
    /// <summary>Problems that ended lately, with the truncations they had: duplicates of theirs may not be committed yet, so the file cannot tell.</summary>
    private readonly Dictionary<long, int> _endedInGroup = [];

    private void TakeSample(WorkerEntry worker, Sample message)
    {
        _metrics.Received(message.CalculateSize());
        var trace = _traces.Queue(message);
        string outcome = Judge(worker, message, trace);
        if (outcome == CoordinatorMetrics.Accepted) SampleTraces.Detached(trace);
        else SampleTraces.Finish(trace, outcome);
        _metrics.Sample(outcome);
        if (outcome == CoordinatorMetrics.Accepted) ApplyFullBatches();
    }

    /// <returns>What becomes of the sample.</returns>
    private string Judge(WorkerEntry worker, Sample message, Activity? trace)
    {
        if ((_inspector.Inspect(message, _theta.Version) ?? _rpInspector.Inspect(message)) is { } refusal)
        {
            RefuseSample(worker, message, refusal.Reason, refusal.Detail);
            return CoordinatorMetrics.Rejected;
        }

        var sample = SampleWire.FromProto(message);
        switch (_ledger.StandingOf(sample, worker.Session.WorkerId, IsStored))
        {
            case SampleStanding.Duplicate:
                _totals.Duplicate++;
                Acknowledge(worker, sample.Identity, SampleOutcome.Duplicate);
                return CoordinatorMetrics.Duplicate;
            case SampleStanding.UnknownProblem:
                RefuseSample(worker, message, RejectReason.UnknownProblem, $"problem {message.ProblemId} is not this worker's");
                return CoordinatorMetrics.Rejected;
            case SampleStanding.Misplaced:
                RefuseSample(worker, message, RejectReason.Malformed, Misplacement(message));
                return CoordinatorMetrics.Rejected;
            default:
                return Accept(worker, sample, trace);
        }
    }

    private bool IsStored(SampleIdentity identity) =>
        (_endedInGroup.TryGetValue(identity.ProblemId, out int done) && identity.Truncation < done) || _reader.HasSample(identity);

    private string Accept(WorkerEntry worker, GradientSample sample, Activity? trace)
    {
        var problem = _ledger.Find(sample.Identity.ProblemId)!;
        if (Specification.Mode == RunMode.Synchronous && sample.ThetaVersion != problem.LaneVersion + 1)
        {
            Acknowledge(worker, sample.Identity, SampleOutcome.Superseded);
            ProblemLedger.Release(problem);
            return CoordinatorMetrics.Superseded;
        }

        long age = _theta.Version - sample.ThetaVersion;
        bool counts = _updateOptions.Staleness.Counts(age);
        _writer.AddSample(sample, counts);
        if (_ledger.Advance(problem, sample)) EndProblem(problem);
        if (counts) _batch.Add(new QueuedSample(problem.Lane, sample, _time.GetTimestamp(), trace));

        worker.Samples++;
        if (counts) _totals.Accepted++;
        else _totals.Stale++;
        _totals.NoteSample(_time.GetUtcNow(), sample);
        _metrics.SampleTaken(sample, age);
        Acknowledge(worker, sample.Identity, counts ? SampleOutcome.Accepted : SampleOutcome.Stale);
        return counts ? CoordinatorMetrics.Accepted : CoordinatorMetrics.Stale;
    }

    private void EndProblem(OpenProblem problem)
    {
        _writer.FinishProblem(problem.Id);
        _endedInGroup[problem.Id] = problem.NextTruncation;
        if (Specification.Mode != RunMode.Synchronous) return;
        var next = OpenNew(problem.Id + Specification.BatchSamples, problem.Lane);
        next.LaneVersion = problem.LaneVersion;
    }

    private void ApplyFullBatches()
    {
        while (_batch.IsFull && !_paused && _theta.Version < Specification.OuterUpdates)
        {
            var queued = _batch.Take();
            using var trace = _traces.Merge(_theta.Version + 1, queued);
            long start = _time.GetTimestamp();
            GradientSample[] samples = [.. queued.Select(q => q.Sample)];
            var update = OuterUpdater.Step(_state, samples, _updateOptions);
            (_state, _last) = (update.State, HistoryEntry.Of(update.Figures, _seconds));
            _thetaMoved = true;
            _rpInspector.Published(_theta);
            _writer.SetOuterState(_state);
            _writer.MarkMerged(samples, _theta.Version);
            _writer.AddHistory(_last);
            _writer.SetValue(RunContext.SecondsKey, _seconds.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            NoteLoss(_last.OuterLoss);
            _metrics.Updated(update.Figures, queued.Select(q => _time.GetElapsedTime(q.Arrived, start)), _time.GetElapsedTime(start));
            _evaluations.Due(_theta);
            CoordinatorLog.Updated(_log, _theta.Version, _last.OuterLoss, _last.TruncationSteps, _last.WeightEs);
            if (_traces.Publish(trace) is { } publish) _publishing.Add(publish);
        }
    }

    private void Acknowledge(WorkerEntry worker, SampleIdentity identity, SampleOutcome outcome) => Say(
        worker.Session,
        new CoordinatorMessage { Ack = new Ack { ProblemId = identity.ProblemId, Truncation = identity.Truncation, Outcome = outcome } });

    /// <summary>The sample is refused, and a problem of this worker's that it belongs to starts over elsewhere from what was acknowledged.</summary>
    private void RefuseSample(WorkerEntry worker, Sample message, RejectReason reason, string detail)
    {
        Refuse(worker.Session, reason, detail, fatal: false, message);
        if (_ledger.Find(message.ProblemId) is { } problem && problem.Owner == worker.Session.WorkerId) ProblemLedger.Release(problem);
    }

    private string Misplacement(Sample message)
    {
        var problem = _ledger.Find(message.ProblemId)!;
        return $"truncation {message.Truncation} with t0 {message.StartStep} and k {message.Steps} does not go on from problem {problem.Id}, "
            + $"whose next truncation is {problem.NextTruncation} at t {problem.InnerStep} of {problem.Horizon}";
    }
}
