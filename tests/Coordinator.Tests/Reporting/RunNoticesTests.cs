using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Reporting;

public sealed class RunNoticesTests
{
    private static readonly double Chance = Math.Log(SmallRun.Specification.TaskClasses);

    private FactsBuilder _facts = new(SmallRun.Specification);

    [Fact]
    public void Of_AllWell_IsNothing()
    {
        _facts.Update();
        Assert.Empty(Of());
    }

    [Theory]
    [InlineData("WaitingForWorkers", "NoWorker", "Problem")]
    [InlineData("Paused", "Paused", "Information")]
    [InlineData("Draining", "Draining", "Information")]
    [InlineData("Finished", "Finished", "Success")]
    public void Of_Stage_HasANoticeOfItsOwn(string stage, string kind, string severity)
    {
        var notice = Assert.Single(Of(Enum.Parse<RunStage>(stage)));
        Assert.Equal((kind, severity), (notice.Kind.ToString(), notice.Severity.ToString()));
    }

    [Fact]
    public void Of_LastThetaUnderEvaluation_IsInformation()
    {
        var notice = Assert.Single(Notices(SmallRun.Specification).Of(_facts.Build() with { AwaitsEvaluations = true }));
        Assert.Equal((NoticeKind.AwaitsEvaluations, NoticeSeverity.Information), (notice.Kind, notice.Severity));
    }

    [Fact]
    public void Of_LostWorkers_NamesThemWhileTheyAreNews()
    {
        _facts.Lost.Add(FactsBuilder.Worker("w1"));
        _facts.Connected.Add(FactsBuilder.Worker("w2"));
        Assert.StartsWith("Worker w1 is lost", Assert.Single(Of()).Text, StringComparison.Ordinal);

        _facts.Lost.Clear();
        _facts.Incidents.NoteLost(FactsBuilder.Now.AddMinutes(-6), "old", "host", 1);
        Assert.Empty(Of());
        _facts.Incidents.NoteLost(FactsBuilder.Now.AddSeconds(-40), "w1", "host", 1);
        Assert.Equal("Worker w1 was lost 40 s ago and did not come back. Others continue the problems.", Assert.Single(Of()).Text);

        _facts.Connected.Add(FactsBuilder.Worker("w1"));
        Assert.Empty(Of());
    }

    /// <summary>Who, by how much, and what to do.</summary>
    [Fact]
    public void Of_QuarantineAndDispute_NameWorkersAndWhatToDo()
    {
        var record = new QuarantineRecord("w1", "node-7", FactsBuilder.Now, new SampleIdentity(5, 2), "Sample 5/2 was wrong.", 3);
        var audit = new Audit(9);
        audit.Disputed.Add(new StoredClaim(Fabricated.Sample(9, 1), "a", "h1", FactsBuilder.Now));
        audit.Disputed.Add(new StoredClaim(Fabricated.Sample(9, 1), "b", "h2", FactsBuilder.Now));
        var facts = _facts.Build() with { Quarantined = [record, record with { Worker = "old", Since = default }], Disputes = [audit] };

        var notices = Notices(SmallRun.Specification).Of(facts);

        Assert.Equal([NoticeKind.WorkersQuarantined, NoticeKind.SamplesDisputed], notices.Select(n => n.Kind));
        Assert.StartsWith(
            "Worker w1 on node-7 (and 1 more) is quarantined: a sample of it was wrong. Sample 5/2 was wrong. 'lopt quarantine' ",
            notices[0].Text, StringComparison.Ordinal);
        Assert.Equal(
            "Workers a on h1 and b on h2 computed sample 9/1 and do not agree. Another worker is needed to decide; start one.",
            notices[1].Text);
        audit.AssignTo("c", 1, FactsBuilder.Now);
        Assert.EndsWith("c computes it to decide.", Notices(SmallRun.Specification).Of(facts)[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ManyLost_CountsThem()
    {
        for (int i = 0; i < 7; i++) _facts.Lost.Add(FactsBuilder.Worker($"w{i}"));
        Assert.StartsWith("7 workers are lost", Assert.Single(Of()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, "Warning", "1 message refused, the last from worker w: 3 numbers")]
    [InlineData(5, 0, "Problem", "Refusals are rising: 5 in the last minute, the last from worker w: 3 numbers")]
    [InlineData(20, 0, "Problem", "Refusals are rising: at least 20 in the last minute, the last from worker w: 3 numbers")]
    [InlineData(5, 120, "Warning", "5 messages refused, the last from worker w: 3 numbers")]
    public void Of_Refusals_TellsWhetherTheyRise(int count, int secondsAgo, string severity, string text)
    {
        _facts.Refuse(count, secondsAgo);
        var notice = Assert.Single(Of());
        Assert.Equal((severity, text), (notice.Severity.ToString(), notice.Text));
    }

    [Theory]
    [InlineData(1, false, "Problem", "Worker w0 on host cannot work on this run and left: no files in '/data'")]
    [InlineData(3, true, "Warning", "Worker w2 on host (and 2 more) cannot work on this run and left: no files in '/data'")]
    public void Of_WorkerThatFailed_TellsItsLastWords(int count, bool anotherWorks, string severity, string text)
    {
        for (int i = 0; i < count; i++) _facts.Incidents.NoteFailed(FactsBuilder.Now, $"w{i}", "host", "no files in '/data'");
        _facts.Connected.Add(FactsBuilder.Worker("other"));
        if (anotherWorks) _facts.Connected[^1].Samples++;
        var notice = Of().Single(n => n.Kind == NoticeKind.WorkersFailed);
        Assert.Equal((severity, text), (notice.Severity.ToString(), notice.Text));
    }

    [Theory]
    [InlineData(700, false)]
    [InlineData(0, true)]
    public void Of_WorkerThatFailedLongAgoOrWorksNow_IsNothing(int secondsAgo, bool works)
    {
        _facts.Incidents.NoteFailed(FactsBuilder.Now.AddSeconds(-secondsAgo), "w", "host", "no files in '/data'");
        _facts.Connected.Add(FactsBuilder.Worker("w"));
        if (works) _facts.Connected[^1].Samples++;
        Assert.DoesNotContain(Of(), n => n.Kind == NoticeKind.WorkersFailed);
    }

    /// <summary>Terminals show the first notice alone.</summary>
    [Theory]
    [InlineData(true, nameof(NoticeKind.WorkersFailed))]
    [InlineData(false, nameof(NoticeKind.MessagesRefused))]
    public void Of_NoWorkerBecauseItFailedOrWasRefused_TellsTheReasonFirst(bool failed, string first)
    {
        if (failed) _facts.Incidents.NoteFailed(FactsBuilder.Now, "w", "host", "no files in '/data'");
        else _facts.Refuse(1, 0);
        Assert.Equal([first, nameof(NoticeKind.NoWorker)], Of(RunStage.WaitingForWorkers).Select(n => n.Kind.ToString()));
    }

    [Fact]
    public void Of_OldRefusals_IsNothing()
    {
        _facts.Refuse(5, 700);
        Assert.Empty(Of());
    }

    [Theory]
    [InlineData(30, 1, false)]
    [InlineData(70, 1, true)]
    [InlineData(70, 20, false)]
    [InlineData(250, 20, true)]
    public void Of_NoUpdateForMuchLongerThanOneTakes_IsAProblem(double since, double secondsPerUpdate, bool stalled)
    {
        _facts.Update(seconds: 1000 - since - secondsPerUpdate);
        _facts.Update(seconds: 1000 - since);
        Assert.Equal(stalled, Of().Any(n => n is { Kind: NoticeKind.NoUpdate, Severity: NoticeSeverity.Problem }));
    }

    [Theory]
    [InlineData(0.52, false)]
    [InlineData(0.60, true)]
    public void Of_EvaluationMuchWorseThanTheBest_IsAWarning(double newest, bool expected)
    {
        _facts.Evaluation(40, 0.5, ClassSplit.OuterTrain);
        _facts.Evaluation(50, newest, ClassSplit.OuterTrain);
        Assert.Equal(expected, Of().Any(n => n.Text.StartsWith("θ gets worse: version 50", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_Finished_TellsHowThetaDoes()
    {
        _facts.Evaluation(null, 1.0, ClassSplit.OuterTest);
        _facts.Evaluation(40, 0.75, ClassSplit.OuterTest);
        _facts.Evaluation(40, 0.8, ClassSplit.OuterTrain);
        Assert.Equal(
            "The run is finished: on held-out tasks the loss of θ is 25.0 % lower than that of tuned Adam. The best θ is version 40.",
            Assert.Single(Of(RunStage.Finished)).Text);
    }

    [Fact]
    public void Of_Several_TheMostSevereComesFirst()
    {
        _facts.Lost.Add(FactsBuilder.Worker("w1"));
        Assert.Equal([NoticeSeverity.Problem, NoticeSeverity.Warning], Of(RunStage.WaitingForWorkers).Select(n => n.Severity));
    }

    [Theory]
    [InlineData(Estimator.Merged, "g_es moves θ almost alone")]
    [InlineData(Estimator.Rp, "has diverged")]
    public void Of_MostRpNotFinite_DependsOnTheEstimator(Estimator estimator, string text)
    {
        _facts.Update(rpInvalid: 3);
        Assert.Contains(
            text, Assert.Single(Of(specification: SmallRun.Specification with { Estimator = estimator })).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LossAtTheCapWithRp_PointsAtTheOtherEstimators()
    {
        _facts.Update(loss: 9.9);
        var notice = Assert.Single(Of(specification: SmallRun.Specification with { Estimator = Estimator.Rp }));
        Assert.Equal(NoticeKind.LossAtCap, notice.Kind);
        Assert.Contains("'merged'", notice.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(19, false)]
    [InlineData(20, true)]
    public void Of_LossAtChance_IsAWarningOnceItHasStayed(int updates, bool expected)
    {
        for (int i = 0; i < updates; i++) _facts.Update(loss: Chance);
        Assert.Equal(
            expected,
            Of().Any(n => n.Kind == NoticeKind.LossAtChance && n.Text.Contains($"ln {SmallRun.Specification.TaskClasses} = "
                + $"{Chance:F2}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(InnerProblemKind.Quadratic)]
    [InlineData(InnerProblemKind.Torch)]
    public void Of_ProblemWithoutAKnownChance_NeverSpeaksOfIt(InnerProblemKind kind)
    {
        var specification = SmallRun.Specification with { InnerProblem = kind };
        _facts = new FactsBuilder(specification);
        for (int i = 0; i < 30; i++) _facts.Update(loss: Chance);
        Assert.Empty(Of(specification: specification));
    }

    [Fact]
    public void Of_EsDoesTheWork_CitesFigureFour()
    {
        _facts.Update(weightEs: 0.99);
        Assert.Contains("Fig. 4", Assert.Single(Of()).Text, StringComparison.Ordinal);
        Assert.Empty(Of(specification: SmallRun.Specification with { Estimator = Estimator.Es }));
    }

    private IReadOnlyList<Notice> Of(RunStage stage = RunStage.Running, RunSpecification? specification = null) =>
        Notices(specification ?? SmallRun.Specification).Of(_facts.Build(stage));

    private static RunNotices Notices(RunSpecification specification) => new(specification, specification.OuterUpdates);
}
