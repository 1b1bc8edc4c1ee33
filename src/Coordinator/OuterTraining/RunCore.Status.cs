using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.OuterTraining;

internal sealed partial class RunCore
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Every run starts at the loss of chance; only one that stays there deserves a word.</summary>
    private const int LongAtChance = 20;

    private int _updatesAtChance;
    private DateTimeOffset _statusAt;
    private RunState _shownState;

    /// <summary>Shows the run's state to the services, at most five times a second, and at once when its state changes.</summary>
    private void PublishStatus()
    {
        var now = _time.GetUtcNow();
        if (now - _statusAt < StatusInterval && ShownState == _shownState && _commands.Count == 0) return;
        _statusAt = now;
        _shownState = ShownState;
        var status = Compose(now);
        _status.Publish(status);
        _metrics.Observe(Gauges(status));
    }

    private RunState ShownState => _paused && _phase is RunState.Running or RunState.WaitingForWorkers && _paused ? RunState.Paused : _phase;

    private TruncationSchedule Schedule => new(Specification.TruncationFirst, Specification.TruncationLast, Specification.TruncationRampUpdates);

    private Status Compose(DateTimeOffset now)
    {
        var (samples, steps, secondsPerSample) = _totals.Rates(now);
        var status = new Status
        {
            RunId = _run.RunId,
            Preset = Specification.Name,
            State = ShownState,
            OuterUpdate = _theta.Version,
            OuterUpdatesTotal = Specification.OuterUpdates,
            TruncationSteps = Math.Min(Schedule.BaseSteps(_theta.Version), Specification.InnerSteps),
            OuterLoss = _last?.OuterLoss ?? double.NaN,
            OuterLossAverage = _totals.OuterLossAverage,
            WeightEs = _last?.WeightEs ?? double.NaN,
            RpShare = _last?.RpShare ?? double.NaN,
            VarianceRp = _last?.VarianceRp ?? double.NaN,
            VarianceEs = _last?.VarianceEs ?? double.NaN,
            GradientNorm = _last?.GradientNorm ?? double.NaN,
            SamplesPerSecond = samples,
            InnerStepsPerSecond = steps,
            SecondsPerSample = secondsPerSample,
            SamplesAccepted = _totals.Accepted,
            SamplesRpInvalid = _totals.RpInvalid,
            SamplesRpComputed = _totals.RpComputed,
            SampleSeconds = _totals.Seconds,
            SampleSecondsRp = _totals.RpSeconds,
            SamplesDuplicate = _totals.Duplicate,
            SamplesStale = _totals.Stale,
            SecondsRunning = _seconds,
            SecondsLeft = steps > 0 ? 2 * PairStepsLeft() / steps : double.NaN,
            QueueDepth = _batch.Waiting,
            MeanSampleAgeUpdates = _last?.SampleAge ?? double.NaN,
            EvaluationOuterTrain = _evaluations.Newest[EvaluationSplit.OuterTrain],
            EvaluationOuterTest = _evaluations.Newest[EvaluationSplit.OuterTest],
            BaselineOuterTrain = _evaluations.Baseline[EvaluationSplit.OuterTrain],
            BaselineOuterTest = _evaluations.Baseline[EvaluationSplit.OuterTest],
            BestVersion = _evaluations.BestVersion,
            Message = Remark(now),
        };
        foreach (var (reason, count) in _totals.Rejected) status.SamplesRejected[reason.ToString()] = count;
        _incidents.AddTo(status);
        // One pass: a fleet has as many problems as slots, and this is done five times a second.
        var problems = _ledger.Counts();
        var workers = _workers.Values.Select(w => Compose(w, w.Draining ? WorkerStates.Draining : w.Activity)).Concat(_lost.Values.Select(l => Compose(l.Worker, WorkerStates.Lost)));
        status.Workers.AddRange(workers.OrderBy(w => w.WorkerId, StringComparer.Ordinal));
        return status;

        WorkerStatus Compose(WorkerEntry worker, string state) => new()
        {
            WorkerId = worker.Session.WorkerId,
            Host = worker.Session.Host,
            Slots = worker.Session.Slots,
            State = state,
            Problems = problems.GetValueOrDefault(worker.Session.WorkerId),
            InnerStepsPerSecond = state == WorkerStates.Lost ? 0 : worker.InnerStepsPerSecond,
            Samples = worker.Samples,
            SecondsSinceHeard = (now - worker.LastHeard).TotalSeconds,
        };
    }

    /// <summary>Inner-steps of antithetic pairs that the rest of the schedule takes. Problems end at T, so a truncation is never longer.</summary>
    private double PairStepsLeft()
    {
        double from = _theta.Version, ramp = Math.Clamp(Specification.TruncationRampUpdates, from, Specification.OuterUpdates), cap = Specification.InnerSteps;
        double rising = (ramp - from) * (Math.Min(cap, Schedule.BaseSteps((long)from)) + Math.Min(cap, Schedule.BaseSteps((long)ramp))) / 2;
        double flat = (Specification.OuterUpdates - ramp) * Math.Min(cap, Schedule.Last);
        return (rising + flat) * Specification.BatchSamples;
    }

    /// <summary>Loss of a net that has learned nothing, in nats; NaN where there are no classes.</summary>
    private double Chance => Specification.InnerProblem is InnerProblemKind.Convnet or InnerProblemKind.FullyConnected ? Math.Log(Specification.TaskClasses) : double.NaN;

    private void NoteLoss(double loss)
    {
        _totals.NoteLoss(loss);
        _updatesAtChance = Math.Abs(loss - Chance) < 0.01 * Chance ? _updatesAtChance + 1 : 0;
    }

    /// <summary>What deserves attention, in words.</summary>
    private string Remark(DateTimeOffset now)
    {
        if (_paused) return "paused: no new truncation starts until resume";
        if (_phase == RunState.WaitingForWorkers) return "no worker is connected: start some with 'lopt worker --coordinator …'";
        if (_lastUpdateAt is not null && _phase == RunState.Running) return "the last θ is being evaluated";
        if (_last is null) return "";
        if (_last.RpInvalidFraction > 0.5)
        {
            return Specification.Estimator == Estimator.Rp
                ? "g_rp is not finite on most samples and moves θ alone: outer-training has diverged (§2.3)"
                : "g_rp is not finite on most samples; g_es moves θ almost alone (§2.3)";
        }

        if (_updatesAtChance >= LongAtChance)
        {
            return string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"outer-loss has stood at ln {Specification.TaskClasses} = {Chance:F2} for {_updatesAtChance} updates: θ does not train its nets yet; this can last a minute and end by itself");
        }

        if (_totals.OuterLossAverage > 0.9 * Specification.LossCap) return "most inner-problems diverge: outer-loss stands at its cap";
        return _incidents.Remark(now);
    }
}
