using LoptCluster.ClusterTestKit;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Loop;

public sealed class NotFiniteTests
{
    [Fact]
    public async Task Update_ThatOverflows_IsNotApplied_AndTheRunEndsWithTheReason()
    {
        using var folder = new TemporaryFolder();
        var specification = SmallRun.Specification with
        {
            OuterOptimizer = OuterOptimizerKind.Sgd,
            OuterLearningRate = 1e300,
            GradientClip = 0,
        };
        await using var coordinator = await RunningCoordinator.StartAsync(folder, specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        var stopping = coordinator.Stopping;
        foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch)) await worker.SendAsync(problem.Next(0));
        await stopping;
        await coordinator.StopAsync();

        Assert.StartsWith("Outer-update 1 would have made θ", coordinator.Failure?.Message, StringComparison.Ordinal);
        Assert.Equal(0, new RunFile(folder.Path).Updates);
    }
}
