using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Reporting;

public sealed class StatusComposerTests
{
    private static readonly RunContext Run = new(
        "run", SmallRun.Specification, "{}", "hash", new RunLineage(null, OuterPlans.Of(SmallRun.Specification)));
    private readonly FactsBuilder _facts = new(SmallRun.Specification);

    [Fact]
    public void Compose_BeforeTheFirstUpdate_HasNoFigures()
    {
        var status = new StatusComposer(Run).Compose(_facts.Build(RunStage.WaitingForWorkers));

        Assert.Equal(("run", RunState.WaitingForWorkers, -1L), (status.RunId, status.State, status.BestVersion));
        Assert.Empty(status.Figures);
        Assert.All([status.OuterLossAverage, status.SecondsLeft, status.EvaluationOuterTest], v => Assert.True(double.IsNaN(v)));
        Assert.Equal(["no_worker"], status.Notices.Select(n => n.Kind));
    }

    [Fact]
    public void Compose_Workers_AreConnectedAndLostOnesInOrderOfTheirIds()
    {
        _facts.Lost.Add(FactsBuilder.Worker("a"));
        var draining = FactsBuilder.Worker("c");
        draining.FarewellUntil = FactsBuilder.Now;
        _facts.Connected.AddRange([draining, FactsBuilder.Worker("b")]);
        _facts.Ledger.Add(0).AssignTo("b");

        var workers = new StatusComposer(Run).Compose(_facts.Build()).Workers;

        Assert.Equal([("a", "lost", 0), ("b", "joining", 1), ("c", "draining", 0)], workers.Select(w => (w.WorkerId, w.State, w.Problems)));
    }

    [Fact]
    public void Compose_SecondsLeft_AreTheScheduleAtThePresentRate()
    {
        _facts.Totals.NoteSample(FactsBuilder.Now, Fabricated.Sample(0, 0), counts: true);

        var status = new StatusComposer(Run).Compose(_facts.Build());

        // One sample of 5 steps of a pair within the shortest span of a second; 950 updates of 4 samples are left.
        Assert.Equal(2 * 5, status.InnerStepsPerSecond);
        Assert.Equal(950 * 4 * 5 / 5.0, status.SecondsLeft, 9);
    }

    [Theory]
    [InlineData(RunMode.Search, 12)]
    [InlineData(RunMode.Comparison, 12)]
    [InlineData(RunMode.Asynchronous, 0)]
    public void Compose_InnerStepsPerSecond_AreTheWorkersWhereNoSamplesAre(RunMode mode, double expected)
    {
        var run = Run with { Specification = Run.Specification with { Mode = mode } };
        foreach (var (id, rate) in ((string, double)[])[("a", 5), ("b", 7)])
        {
            var worker = FactsBuilder.Worker(id);
            worker.InnerStepsPerSecond = rate;
            _facts.Connected.Add(worker);
        }

        Assert.Equal(expected, new StatusComposer(run).Compose(_facts.Build()).InnerStepsPerSecond);
    }

    [Fact]
    public void Compose_RefusalsAndEvaluations_AreInTheStatus()
    {
        _facts.Refuse(2, 0);
        _facts.Evaluation(40, 0.5, ClassSplit.OuterTrain);
        _facts.Evaluation(null, 0.7, ClassSplit.OuterTrain);

        var status = new StatusComposer(Run).Compose(_facts.Build());

        Assert.Equal((2L, RejectReason.WrongLength), (status.SamplesRejected["WrongLength"], status.Refusals[0].Reason));
        Assert.Equal((0.5, 0.7, 40L), (status.EvaluationOuterTrain, status.BaselineOuterTrain, status.BestVersion));
    }

    [Theory]
    [InlineData("WaitingForWorkers")]
    [InlineData("Running")]
    [InlineData("Paused")]
    [InlineData("Draining")]
    [InlineData("Finished")]
    public void Compose_Stage_IsTheStateOfTheSameName(string stage) =>
        Assert.Equal(stage, new StatusComposer(Run).Compose(_facts.Build(Enum.Parse<RunStage>(stage))).State.ToString());
}
