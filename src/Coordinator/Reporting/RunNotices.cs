using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>Composes the notices of a run: none while all is well. Status, page and screen show these and no others.</summary>
internal sealed class RunNotices(RunSpecification specification, long outerUpdates)
{
    /// <summary>Evaluations of one θ differ by some percent with the state of training; more than 10 % is a turn for the worse.</summary>
    private const double WorseThanBest = 1.1;

    /// <summary>Without an update for so many times their usual duration, training is taken to stand still.</summary>
    private const double StalledPaces = 10;

    /// <summary>
    /// An update of a small run takes a tenth of a second, and a busy machine may pause that for seconds: nothing shorter is called a
    /// standstill.
    /// </summary>
    private static readonly TimeSpan ShortestStall = TimeSpan.FromSeconds(60);

    private readonly TrainingNotices _training = new(specification);
    private readonly FleetNotices _fleet = new();
    private readonly AuditNotices _audits = new();

    /// <returns>The most severe first. That no worker is there stands after the reason for which one left or was refused.</returns>
    public IReadOnlyList<Notice> Of(RunFacts facts)
    {
        Notice?[] all =
        [
            _fleet.OfFailed(facts), _fleet.OfRefusals(facts), OfStage(facts), _fleet.OfLost(facts), OfStandstill(facts),
            OfEvaluations(facts), _audits.OfQuarantine(facts), _audits.OfDisputes(facts),
        ];
        return [.. all.OfType<Notice>().OrderBy(n => n.Severity)];
    }

    private Notice? OfStage(RunFacts facts) => facts.Stage switch
    {
        RunStage.WaitingForWorkers => new(
            NoticeKind.NoWorker,
            NoticeSeverity.Problem,
            $"No worker is connected: {(IsComparison(facts) ? "the comparison" : "training")} waits. Start workers with 'lopt worker "
                + "--coordinator URL'."),
        RunStage.Paused => new(
            NoticeKind.Paused,
            NoticeSeverity.Information,
            $"Paused: no new {(IsComparison(facts) ? "inner-training" : "truncation")} begins until the run is resumed."),
        RunStage.Draining => new(
            NoticeKind.Draining,
            NoticeSeverity.Information,
            "Draining: workers hand back their unfinished problems, then the coordinator stops. Start it again with the same run folder "
                + "to continue."),
        RunStage.Finished when facts.Evaluations.HaveDiverged && facts.Version < outerUpdates =>
            new(NoticeKind.Diverged, NoticeSeverity.Problem, Divergence(facts)),
        RunStage.Finished => new(NoticeKind.Finished, NoticeSeverity.Success, Conclusion(facts)),
        _ when IsComparison(facts) => null,
        _ when facts.AwaitsEvaluations =>
            new(NoticeKind.AwaitsEvaluations, NoticeSeverity.Information, "Training has ended; the last θ is being evaluated."),
        _ => _training.Of(facts),
    };

    private static bool IsComparison(RunFacts facts) => facts.Evaluations.Comparison is not null;

    private string Divergence(RunFacts facts) =>
        $"Training ended early, at version {facts.Version}: it has diverged. The loss on outer-train tasks was more than "
            + string.Create(Invariant, $"{specification.DivergenceFactor} times the lowest ")
            + $"in {specification.DivergenceEvaluations} evaluations in a row. The best θ is version {facts.Evaluations.BestVersion}. To "
            + "go on from it, begin another run with 'lopt train --from' and a smaller outerLearningRate; divergenceFactor=0 turns this "
            + "guard off.";

    private static string Conclusion(RunFacts facts)
    {
        var evaluations = facts.Evaluations;
        if (evaluations.Comparison is { } done)
            return $"The comparison is complete, on {done.Tasks} tasks. 'lopt report' with the run's folder writes its report.";
        string best = evaluations.BestVersion is { } version ? string.Create(Invariant, $" The best θ is version {version}.") : "";
        var (theta, adam) = (evaluations.Newest[ClassSplit.OuterTest], evaluations.Baseline[ClassSplit.OuterTest]);
        if (!(theta > 0 && adam > 0)) return $"The run is finished.{best}";
        double percent = (1 - (theta / adam)) * 100;
        string comparison = string.Create(Invariant, $"{Math.Abs(percent):0.0} % {(percent >= 0 ? "lower" : "higher")}");
        return $"The run is finished: on held-out tasks the loss of θ is {comparison} than that of tuned Adam.{best}";
    }

    /// <summary>
    /// Much longer without an outer-update than they take. Training time stands still without workers, so waiting is not counted.
    /// </summary>
    private Notice? OfStandstill(RunFacts facts)
    {
        if (facts.Trend.Pace is not var (last, each) || facts.Stage != RunStage.Running || facts.Version >= outerUpdates)
            return null;
        double since = facts.Seconds - last;
        if (since <= Math.Max(ShortestStall.TotalSeconds, StalledPaces * each)) return null;
        string usual = DurationText.Of(TimeSpan.FromSeconds(Math.Max(1, each)));
        return new(
            NoticeKind.NoUpdate,
            NoticeSeverity.Problem,
            $"No outer-update for {DurationText.Of(TimeSpan.FromSeconds(since))}; one took {usual} before.");
    }

    private static Notice? OfEvaluations(RunFacts facts)
    {
        var evaluations = facts.Evaluations;
        var (version, loss) = (evaluations.NewestVersion[ClassSplit.OuterTrain], evaluations.Newest[ClassSplit.OuterTrain]);
        if (!(evaluations.BestLoss > 0 && loss > WorseThanBest * evaluations.BestLoss && version > evaluations.BestVersion)) return null;
        string text = string.Create(
            Invariant,
            $"θ gets worse: version {version} has loss {loss:0.000} on outer-train tasks, version {evaluations.BestVersion} had "
                + $"{evaluations.BestLoss:0.000}. Use the best one.");
        return new(NoticeKind.WorseThanBest, NoticeSeverity.Warning, text);
    }

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
