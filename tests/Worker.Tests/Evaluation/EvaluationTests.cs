using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Evaluation;

public sealed class EvaluationTests
{
    [Theory]
    [InlineData(EvaluationSplit.OuterTrain, false)]
    [InlineData(EvaluationSplit.OuterTest, false)]
    [InlineData(EvaluationSplit.OuterTest, true)]
    public async Task Evaluation_Assigned_IsTheEvaluators(EvaluationSplit split, bool baseline)
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification);
        await using var _ = worker;
        var theta = SmallRun.Theta(1);
        connection.Evaluate(new Protocol.V1.Evaluation
        {
            EvaluationId = 17,
            Split = split,
            Tasks = 2,
            Baseline = baseline,
            Theta = baseline ? null : ThetaWire.ToProto(theta),
        });
        var result = await connection.EvaluationAsync();
        var expected = TaskEvaluator.Evaluate(
            SmallRun.Specification,
            SmallRun.Dataset,
            baseline ? null : theta.Theta.Values.ToArray(),
            split == EvaluationSplit.OuterTest ? ClassSplit.OuterTest : ClassSplit.OuterTrain,
            2,
            default);
        Assert.Equal(17, result.EvaluationId);
        Assert.Equal(expected.MeanLoss, result.MeanLoss);
        Assert.Equal(expected.FinalLoss, result.FinalLoss);
    }

    [Fact]
    public async Task Evaluation_WhilePaused_Runs()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification);
        await using var _ = worker;
        connection.Pause(true);
        Assert.Empty(await connection.BarrierAsync());
    }
}
