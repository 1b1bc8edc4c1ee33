using LoptCluster.Protos.V1;
using LoptCluster.Shared.Schedule;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.OuterTraining;

internal sealed partial class RunCore
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(200);

    private DateTimeOffset _statusAt;
    private RunState _shownState;

    /// <summary>Shows the run's state to the services, at most five times a second, and at once when its state changes.</summary>
    private void PublishStatus()
    {
        var now = _time.GetUtcNow();
        if (now - _statusAt < StatusInterval && ShownState == _shownState) return;
        _statusAt = now;
        _shownState = ShownState;
        _status.Publish(Compose(now));
    }

    private RunState ShownState => _paused && _phase is RunState.Running or RunState.WaitingForWorkers && _paused ? RunState.Paused : _phase;

    private Status Compose(DateTimeOffset now)
    {
        var (samples, steps, secondsPerSample) = _totals.Rates(now);
        var schedule = new TruncationSchedule(Specification.TruncationFirst, Specification.TruncationLast, Specification.TruncationRampUpdates);
        var status = new Status
        {
            RunId = _run.RunId,
            Preset = Specification.Name,
            State = ShownState,
            OuterUpdate = _theta.Version,
            OuterUpdatesTotal = Specification.OuterUpdates,
            TruncationSteps = Math.Min(schedule.BaseSteps(_theta.Version), Specification.InnerSteps),
            OuterLoss = _last?.OuterLoss ?? double.NaN,
            OuterLossAverage = _totals.OuterLossAverage,
            WeightEs = _last?.WeightEs ?? double.NaN,
            VarianceRp = _last?.VarianceRp ?? double.NaN,
            VarianceEs = _last?.VarianceEs ?? double.NaN,
            GradientNorm = _last?.GradientNorm ?? double.NaN,
            SamplesPerSecond = samples,
            InnerStepsPerSecond = steps,
            SecondsPerSample = secondsPerSample,
            SamplesAccepted = _totals.Accepted,
            SamplesRpInvalid = _totals.RpInvalid,
            SamplesDuplicate = _totals.Duplicate,
            SamplesStale = _totals.Stale,
            SecondsRunning = _seconds,
            SecondsLeft = SecondsLeft(steps / 2),
            QueueDepth = _batch.Waiting,
            MeanSampleAgeUpdates = _last?.SampleAge ?? double.NaN,
            EvaluationOuterTrain = _evaluations.Newest[EvaluationSplit.OuterTrain],
            EvaluationOuterTest = _evaluations.Newest[EvaluationSplit.OuterTest],
            BaselineOuterTrain = _evaluations.Baseline[EvaluationSplit.OuterTrain],
            BaselineOuterTest = _evaluations.Baseline[EvaluationSplit.OuterTest],
            BestVersion = _evaluations.BestVersion,
            Message = Remark(),
        };
        foreach (var (reason, count) in _totals.Rejected) status.SamplesRejected[reason.ToString()] = count;
        foreach (var worker in _workers.Values.OrderBy(w => w.Session.WorkerId, StringComparer.Ordinal)) status.Workers.Add(Compose(worker, now));
        return status;
    }

    private WorkerStatus Compose(WorkerEntry worker, DateTimeOffset now) => new()
    {
        WorkerId = worker.Session.WorkerId,
        Host = worker.Session.Host,
        Slots = worker.Session.Slots,
        State = worker.Draining ? "draining" : worker.Activity,
        Problems = _ledger.CountOf(worker.Session.WorkerId),
        InnerStepsPerSecond = worker.InnerStepsPerSecond,
        Samples = worker.Samples,
        SecondsSinceHeard = (now - worker.LastHeard).TotalSeconds,
    };

    /// <summary>Inner-steps that the rest of the schedule takes, at the present rate. Problems end at T, so a truncation is never longer.</summary>
    private double SecondsLeft(double pairsPerSecond)
    {
        if (!(pairsPerSecond > 0)) return double.NaN;
        double from = _theta.Version, ramp = Math.Clamp(Specification.TruncationRampUpdates, from, Specification.OuterUpdates), cap = Specification.InnerSteps;
        var schedule = new TruncationSchedule(Specification.TruncationFirst, Specification.TruncationLast, Specification.TruncationRampUpdates);
        double rising = (ramp - from) * (Math.Min(cap, schedule.BaseSteps((long)from)) + Math.Min(cap, schedule.BaseSteps((long)ramp))) / 2;
        double flat = (Specification.OuterUpdates - ramp) * Math.Min(cap, schedule.Last);
        return (rising + flat) * Specification.BatchSamples / pairsPerSecond;
    }

    /// <summary>What deserves attention, in words.</summary>
    private string Remark()
    {
        if (_paused) return "paused: no new truncation starts until resume";
        if (_phase == RunState.WaitingForWorkers) return "no worker is connected: start some with 'lopt worker --coordinator …'";
        if (_lastUpdateAt is not null && _phase == RunState.Running) return "the last θ is being evaluated";
        if (_last is null) return "";
        if (_last.RpInvalid * 2 > Specification.BatchSamples && Specification.Estimator == Estimator.Rp)
            return "g_rp overflows on most samples and moves θ alone: outer-training has diverged (§2.3)";
        double chance = Math.Log(Specification.TaskClasses);
        if (Math.Abs(_totals.OuterLossAverage - chance) < 0.01 * chance)
            return $"outer-loss stands at ln {Specification.TaskClasses} = {chance:F2}: θ does not train its nets yet; this can last a minute and end by itself";
        if (_totals.OuterLossAverage > 0.9 * Specification.LossCap) return "most inner-problems diverge: outer-loss stands at its cap";
        return _totals.Rejected.Count > 0 ? $"{_totals.Rejected.Values.Sum()} messages were refused, last reason in the log" : "";
    }
}
