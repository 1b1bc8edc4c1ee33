using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Protos.V1;
using LoptCluster.Shared.Samples;
using LoptCluster.Shared.Specification;
using LoptCluster.Shared.Wire;

namespace LoptCluster.Coordinator.OuterTraining;

internal sealed partial class RunCore
{
    /// <summary>Problems that ended lately, with the truncations they had: duplicates of theirs may not be committed yet, so the file cannot tell.</summary>
    private readonly Dictionary<long, int> _endedInGroup = [];

    private void TakeSample(WorkerEntry worker, Sample message)
    {
        if (_inspector.Inspect(message, _theta.Version) is { } refusal)
        {
            RefuseSample(worker, message, refusal.Reason, refusal.Detail);
            return;
        }

        var sample = SampleWire.FromProto(message);
        switch (_ledger.StandingOf(sample, worker.Session.WorkerId, IsStored))
        {
            case SampleStanding.Duplicate:
                _totals.Duplicate++;
                _metrics.Sample("duplicate");
                Acknowledge(worker, sample.Identity, SampleOutcome.Duplicate);
                break;
            case SampleStanding.UnknownProblem:
                RefuseSample(worker, message, RejectReason.UnknownProblem, $"problem {message.ProblemId} is not this worker's");
                break;
            case SampleStanding.Misplaced:
                RefuseSample(worker, message, RejectReason.Malformed, Misplacement(message));
                break;
            default:
                Accept(worker, sample);
                break;
        }
    }

    private bool IsStored(SampleIdentity identity) =>
        (_endedInGroup.TryGetValue(identity.ProblemId, out int done) && identity.Truncation < done) || _reader.HasSample(identity);

    private void Accept(WorkerEntry worker, GradientSample sample)
    {
        var problem = _ledger.Find(sample.Identity.ProblemId)!;
        if (Specification.Mode == RunMode.Synchronous && sample.ThetaVersion != problem.LaneVersion + 1)
        {
            _metrics.Sample("superseded");
            Acknowledge(worker, sample.Identity, SampleOutcome.Superseded);
            ProblemLedger.Release(problem);
            return;
        }

        long age = _theta.Version - sample.ThetaVersion;
        bool counts = _staleness.Counts(age);
        _writer.AddSample(sample, counts);
        if (_ledger.Advance(problem, sample)) EndProblem(problem);
        if (counts) _batch.Add(problem.Lane, sample);

        worker.Samples++;
        if (counts) _totals.Accepted++;
        else _totals.Stale++;
        if (sample.RpComputed && !sample.RpValid) _totals.RpInvalid++;
        _totals.NoteSample(_time.GetUtcNow(), sample.Steps, sample.Elapsed.TotalSeconds);
        _metrics.Sample(counts ? "accepted" : "stale");
        _metrics.SampleTaken(sample, age);
        Acknowledge(worker, sample.Identity, counts ? SampleOutcome.Accepted : SampleOutcome.Stale);
        ApplyFullBatches();
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
            var samples = _batch.Take();
            var update = _updater.Apply(samples, _theta, _adam, _seconds);
            (_theta, _adam, _last) = (update.Theta, update.Adam, update.History);
            _thetaMoved = true;
            _writer.AddTheta(_theta);
            _writer.SetAdam(_adam);
            _writer.MarkMerged(samples, _theta.Version);
            _writer.AddHistory(update.History);
            _writer.SetValue(RunContext.SecondsKey, _seconds.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            NoteLoss(update.History.OuterLoss);
            _metrics.Updated(update);
            _evaluations.Due(_theta);
            CoordinatorLog.Updated(_log, _theta.Version, update.History.OuterLoss, update.History.TruncationSteps, update.History.WeightEs);
        }
    }

    private void Acknowledge(WorkerEntry worker, SampleIdentity identity, SampleOutcome outcome) => Say(
        worker.Session,
        new CoordinatorMessage { Ack = new Ack { ProblemId = identity.ProblemId, Truncation = identity.Truncation, Outcome = outcome } });

    /// <summary>The sample is refused, and a problem of this worker's that it belongs to starts over elsewhere from what was acknowledged.</summary>
    private void RefuseSample(WorkerEntry worker, Sample message, RejectReason reason, string detail)
    {
        _metrics.Sample("rejected");
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
