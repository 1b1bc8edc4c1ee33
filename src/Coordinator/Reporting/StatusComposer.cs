using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>Composes the status that people and programs read, in the protocol's form.</summary>
internal sealed class StatusComposer(RunContext run)
{
    private readonly RunNotices _notices = new(run.Specification, run.OuterUpdates);
    private readonly bool _hasSamples = run.Specification.Mode is not (RunMode.Search or RunMode.Comparison);
    private readonly RemainingWork _remaining = new(run.Specification, run.Lineage.Plans.Newest);

    public Status Compose(RunFacts facts)
    {
        var (totals, evaluations) = (facts.Totals, facts.Evaluations);
        var (samples, steps, secondsPerSample) = totals.Rates(facts.Now);
        var status = new Status
        {
            RunId = run.RunId,
            Preset = run.Specification.Name,
            State = StatusWords.ToProto(facts.Stage),
            OuterUpdate = facts.Version,
            OuterUpdatesTotal = run.OuterUpdates,
            TruncationSteps = _remaining.TruncationSteps(facts.Version),
            OuterLossAverage = facts.Trend.OuterLossAverage,
            SamplesPerSecond = samples,
            InnerStepsPerSecond = _hasSamples ? steps : facts.Connected.Sum(w => w.InnerStepsPerSecond),
            SecondsPerSample = secondsPerSample,
            SamplesAccepted = totals.Accepted,
            SamplesRpInvalid = totals.RpInvalid,
            SamplesRpComputed = totals.RpComputed,
            SampleSeconds = totals.Seconds,
            SampleSecondsRp = totals.RpSeconds,
            SamplesDuplicate = totals.Duplicate,
            SamplesStale = totals.Stale,
            SecondsRunning = facts.Seconds,
            SecondsLeft = evaluations.Comparison?.SecondsLeft(facts.Seconds)
                ?? _remaining.Seconds(facts.Version, facts.Seconds, steps),
            QueueDepth = facts.Queued,
            EvaluationOuterTrain = evaluations.Newest[ClassSplit.OuterTrain],
            EvaluationOuterTest = evaluations.Newest[ClassSplit.OuterTest],
            BaselineOuterTrain = evaluations.Baseline[ClassSplit.OuterTrain],
            BaselineOuterTest = evaluations.Baseline[ClassSplit.OuterTest],
            AverageOuterTrain = evaluations.NewestAverage[ClassSplit.OuterTrain],
            AverageOuterTest = evaluations.NewestAverage[ClassSplit.OuterTest],
            BestVersion = evaluations.BestVersion ?? -1,
            Comparison = Compose(evaluations.Comparison),
        };
        if (facts.Last is { } last)
        {
            foreach (var (name, value) in last.Figures.Values) status.Figures[name] = value;
        }

        foreach (var (parameter, value) in evaluations.BestHyperParameters) status.Figures[HyperParameterFigure.Of(parameter).Name] = value;

        foreach (var (reason, count) in totals.Rejected) status.SamplesRejected[reason.ToString()] = count;
        status.Refusals.AddRange(facts.Incidents.Refusals.Select(StatusWords.ToProto));
        status.LostWorkers.AddRange(facts.Incidents.Lost.Select(StatusWords.ToProto));
        status.Workers.AddRange(Workers(facts));
        status.Notices.AddRange(_notices.Of(facts).Select(StatusWords.ToProto));
        return status;
    }

    private static ComparisonProgress? Compose(ComparisonStanding? comparison) => comparison is null ? null : new()
    {
        TasksDone = comparison.TasksDone,
        Tasks = comparison.Tasks,
        TrainingsDone = comparison.TrainingsDone,
        Trainings = comparison.Trainings,
    };

    private static IEnumerable<WorkerStatus> Workers(RunFacts facts)
    {
        // One pass: a fleet has as many problems as slots, and this is done five times a second.
        var problems = facts.Ledger.Counts();
        var connected = facts.Connected.Select(w => Compose(w, StateOf(w)));
        var lost = facts.Lost.Select(w => Compose(w, WorkerStates.Lost));
        return connected.Concat(lost).OrderBy(w => w.WorkerId, StringComparer.Ordinal);

        static string StateOf(WorkerEntry worker) =>
            worker.Draining ? WorkerStates.Draining : worker.Stalled ? WorkerStates.Stalled : worker.Activity;

        WorkerStatus Compose(WorkerEntry worker, string state) => new()
        {
            WorkerId = worker.Session.WorkerId,
            Host = worker.Session.Host,
            Slots = worker.Session.Slots,
            State = state,
            Problems = problems.GetValueOrDefault(worker.Session.WorkerId),
            InnerStepsPerSecond = state == WorkerStates.Lost ? 0 : worker.InnerStepsPerSecond,
            Samples = worker.Samples,
            SecondsSinceHeard = (facts.Now - worker.LastHeard).TotalSeconds,
        };
    }
}
