using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Membership;

/// <summary>Who is to come back: workers of a coordinator that stops, not those of a run that is over or that an operator ends.</summary>
public sealed class FarewellTests
{
    [Fact]
    public async Task Stop_InTraining_AsksWorkersToComeBack()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        var stopping = coordinator.StopAsync();

        Assert.True((await worker.ExpectAsync(m => m.Drain)).ComeBack);
        await worker.SayGoodbyeAsync();
        await stopping;
    }

    [Fact]
    public async Task Stop_WorkerThatIsBackAtOnceWithNothing_IsTurnedAwayAndDoesNotHoldUpTheStop()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var slow = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "slow");
        var stopping = coordinator.StopAsync();
        await slow.ExpectAsync(m => m.Drain);

        await using var early = await ScriptedWorker.HelloAsync(coordinator, h => h.WorkerId = "early");

        await early.EndedAsync();
        await slow.SayGoodbyeAsync();
        await stopping;
    }

    [Fact]
    public async Task Drain_ByAnOperator_SendsWorkersAway()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        await coordinator.Operations.DrainAsync(new DrainRequest());

        Assert.False((await worker.ExpectAsync(m => m.Drain)).ComeBack);
        await worker.SayGoodbyeAsync();
    }

    [Fact]
    public async Task Finished_Run_SendsWorkersAway()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification with { OuterUpdates = 1 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch)) await worker.GiveAsync(problem.Next(0));

        Assert.False((await worker.ExpectAsync(m => m.Drain)).ComeBack);
        await worker.SayGoodbyeAsync();
    }
}
