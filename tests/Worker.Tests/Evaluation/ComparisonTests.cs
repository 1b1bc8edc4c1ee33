using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;
using Baseline = LoptCluster.Engine.Evaluation.Baseline;

namespace LoptCluster.Worker.Tests.Evaluation;

public sealed class ComparisonTests
{
    private static readonly RunSpecification Compared = SmallRun.Specification with
    {
        Mode = RunMode.Comparison,
        OuterUpdates = 0,
        CurveEverySteps = 7,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(0.0)] // every class is held out: there is nothing to train on
    public async Task Part_OfTheta_IsTheArenas(double outerTrainShare)
    {
        var run = Compared with { OuterTrainShare = outerTrainShare == 0 ? 0 : Compared.OuterTrainShare };
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, run);
        await using var _ = worker;
        connection.Compare(new ComparisonPart { PartId = 5, Task = 2, Theta = ThetaWire.ToProto(SmallRun.Theta(1).Theta) });
        using var arena = new ComparisonArena(run, SmallRun.Dataset);
        AssertSame(arena.Run(2, SmallRun.Theta(1).Theta.Values.Span, default), await PartAsync(connection), id: 5);
    }

    [Fact]
    public async Task Part_OfABaseline_IsTheArenas_WhilePausedToo()
    {
        var trained = Compared with { Optimizer = OptimizerKind.Momentum, Nesterov = true };
        var baseline = Baseline.Momentum with { TrainedWith = trained };
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, Compared);
        await using var _ = worker;
        connection.Pause(true);
        connection.Compare(PartOf(baseline, id: 6, task: 1));
        using var arena = new ComparisonArena(Compared, SmallRun.Dataset);
        var expected = arena.Run(1, baseline, default);
        AssertSame(expected, await PartAsync(connection), id: 6);
        // Nesterov's momentum is that of the run that trained the setting: without it the numbers are others.
        Assert.NotEqual(expected.Losses, arena.Run(1, Baseline.Momentum, default).Losses);
    }

    [Fact]
    public async Task Reconnect_ThePartThatWasComputed_IsGivenUpForWhatIsAssignedNow()
    {
        // So long that it would outlast the test.
        var run = Compared with { InnerSteps = 500_000_000, CurveEverySteps = 500_000_000 };
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, first) = await RunningWorker.JoinAsync(coordinator, run);
        await using var _ = worker;
        first.Compare(new ComparisonPart { PartId = 5, Theta = ThetaWire.ToProto(SmallRun.Theta(1).Theta) });
        await first.ActivityAsync("evaluating");
        first.Break();
        var second = await coordinator.AcceptAsync();
        second.Welcome(run, SmallRun.Theta(0));

        await second.ActivityAsync("waiting");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Heartbeat_WhileAPartIsComputed_ReportsItsInnerSteps(bool baseline)
    {
        var run = Compared with { InnerSteps = 500_000_000, CurveEverySteps = 500_000_000 };
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, run);
        await using var _ = worker;
        connection.Compare(baseline
            ? PartOf(Baseline.Momentum with { TrainedWith = run with { Optimizer = OptimizerKind.Momentum } }, id: 6, task: 1)
            : new ComparisonPart { PartId = 5, Theta = ThetaWire.ToProto(SmallRun.Theta(1).Theta) });

        await connection.ActivityAsync("evaluating");

        Assert.InRange((await connection.HeartbeatAsync()).InnerStepsPerSecond, 1, double.MaxValue);
    }

    private static ComparisonPart PartOf(Baseline baseline, long id, int task)
    {
        var message = new ComparisonPart.Types.Baseline
        {
            Family = baseline.Family.Name,
            TrainedWithJson = SpecificationJson.Serialize(baseline.TrainedWith!),
        };
        foreach (float[] setting in baseline.Settings) message.Settings.Add(new ComparisonPart.Types.Setting { Values = { setting } });
        return new ComparisonPart { PartId = id, Task = task, Baseline = message };
    }

    private static async Task<ComparisonPartResult> PartAsync(WorkerConnection connection)
    {
        while (true)
        {
            if ((await connection.NextAsync()).ComparisonPartResult is { } result) return result;
        }
    }

    private static void AssertSame(PartResult expected, ComparisonPartResult result, long id)
    {
        var l = expected.Losses;
        Assert.Equal(id, result.PartId);
        Assert.Equal([l.TrainMean, l.TrainFinal, l.ValidMean, l.ValidFinal, l.TrainAccuracy, l.ValidAccuracy], result.Losses);
        Assert.Equal(expected.Setting, result.Setting);
        Assert.Equal(expected.TrainCurve, result.TrainCurve);
        Assert.Equal(expected.ValidCurve, result.ValidCurve);
        Assert.True(result.Seconds > 0);
    }
}
