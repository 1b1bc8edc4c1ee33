using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Operations;

public sealed class OperationsServiceTests
{
    [Fact]
    public async Task Status_NoWorkers_SaysSoInWords()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);

        var status = await coordinator.Operations.GetStatusAsync(new GetStatusRequest());

        Assert.Equal(RunState.WaitingForWorkers, status.State);
        Assert.Equal("no_worker", Assert.Single(status.Notices).Kind);
        Assert.Equal((0, 1000, -1), (status.OuterUpdate, status.OuterUpdatesTotal, status.BestVersion));
    }

    [Fact]
    public async Task Pause_StopsUpdatesUntilResume()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);

        var paused = await coordinator.Operations.PauseAsync(new PauseRequest());
        Assert.Equal(RunState.Paused, paused.State);
        Assert.Equal("paused", Assert.Single(paused.Notices).Kind);
        Assert.True((await worker.ExpectAsync(m => m.SetPaused)).Paused);
        foreach (var problem in problems) Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync(problem.Next(0)));
        Assert.Equal(0, (await coordinator.LatestAsync()).Theta.Version);
        await using var late = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "late");
        Assert.True((await late.ExpectAsync(m => m.SetPaused)).Paused);

        var resumed = await coordinator.Operations.ResumeAsync(new ResumeRequest());
        Assert.Equal((RunState.Running, 1), (resumed.State, resumed.OuterUpdate));
        Assert.False((await worker.ExpectAsync(m => m.SetPaused)).Paused);
    }

    [Fact]
    public async Task Pause_SurvivesARestart()
    {
        using var folder = new TemporaryFolder();
        await using (var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification))
            await coordinator.Operations.PauseAsync(new PauseRequest());

        await using (var paused = await RunningCoordinator.StartAsync(folder))
        {
            Assert.Equal(RunState.Paused, (await paused.Operations.GetStatusAsync(new GetStatusRequest())).State);
            await using var worker = await ScriptedWorker.JoinAsync(paused);
            Assert.True((await worker.ExpectAsync(m => m.SetPaused)).Paused);
            await paused.Operations.ResumeAsync(new ResumeRequest());
            Assert.False((await worker.ExpectAsync(m => m.SetPaused)).Paused);
        }

        await using var resumed = await RunningCoordinator.StartAsync(folder);
        Assert.Equal(RunState.WaitingForWorkers, (await resumed.Operations.GetStatusAsync(new GetStatusRequest())).State);
    }

    [Fact]
    public async Task Drain_TakesStatesBackThenStopsAndTheNextStartGoesOnFromThem()
    {
        using var folder = new TemporaryFolder();
        await using (var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification))
        {
            var stopping = coordinator.Stopping;
            await using var worker = await ScriptedWorker.JoinAsync(coordinator);
            var problem = await worker.ProblemAsync(0);
            await worker.GiveAsync(problem.Next(0));

            var draining = await coordinator.Operations.DrainAsync(new DrainRequest { Reason = "maintenance" });

            Assert.Equal(RunState.Draining, draining.State);
            Assert.Equal("maintenance", (await worker.ExpectAsync(m => m.Drain)).Reason);
            // What is under way is still taken.
            Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync(problem.Next(0)));
            await worker.HandBackAsync(problem);
            await stopping.WaitAsync(ScriptedWorker.Patience);
        }

        await using var again = await RunningCoordinator.StartAsync(folder);
        await using var another = await ScriptedWorker.JoinAsync(again, h => h.WorkerId = "another");
        Assert.Equal(2, Assert.IsType<StateOrigin.HandedBack>((await another.ProblemAsync(0)).Origin).NextTruncation);
    }

    [Fact]
    public async Task Stop_OfTheProcess_TakesStatesBack()
    {
        using var folder = new TemporaryFolder();
        await using (var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification))
        {
            await using var worker = await ScriptedWorker.JoinAsync(coordinator);
            var problem = await worker.ProblemAsync(3);
            await worker.GiveAsync(problem.Next(0));
            var stop = coordinator.StopAsync();
            await worker.ExpectAsync(m => m.Drain);
            await worker.HandBackAsync(problem);
            await stop;
        }

        await using var again = await RunningCoordinator.StartAsync(folder);
        await using var another = await ScriptedWorker.JoinAsync(again, h => h.WorkerId = "another");
        Assert.IsType<StateOrigin.HandedBack>((await another.ProblemAsync(3)).Origin);
    }

    [Fact]
    public async Task ExitWhenFinished_TheProcessStopsAfterTheLastGoodbye()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { OuterUpdates = 1 }, o => o with { ExitWhenFinished = true });
        var stopping = coordinator.Stopping;
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch)) await worker.GiveAsync(problem.Next(0));
        await worker.ExpectAsync(m => m.Drain);
        Assert.False(stopping.IsCompleted);

        await worker.SayGoodbyeAsync();

        await stopping.WaitAsync(ScriptedWorker.Patience);
    }

    [Fact]
    public async Task Status_WorkerGoneWithoutGoodbye_IsRememberedAsLost()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification, o => o with { LostWorkerGrace = TimeSpan.FromSeconds(0.1) });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "gone");
        await worker.ProblemsAsync(SmallRun.Batch);

        worker.Break();

        var status = await coordinator.StatusAsync(s => s.Workers.Count == 0 && s.LostWorkers.Count > 0);
        Assert.Equal(
            ("gone", "host", SmallRun.Batch), (status.LostWorkers[0].WorkerId, status.LostWorkers[0].Host, status.LostWorkers[0].Problems));
    }

    [Fact]
    public async Task History_IsARowAnUpdateFromWhereItIsAskedFor()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        double firstLoss = 0;
        for (int version = 0; version < 3; version++)
        {
            foreach (var problem in problems)
            {
                var sample = problem.Next(version);
                if (version == 0) firstLoss += sample.Losses.Average() / SmallRun.Batch;
                await worker.GiveAsync(sample);
            }
        }

        var all = (await coordinator.Operations.GetHistoryAsync(new GetHistoryRequest())).Rows;
        var later = (await coordinator.Operations.GetHistoryAsync(new GetHistoryRequest { FromUpdate = 3 })).Rows;

        Assert.Equal([1, 2, 3], all.Select(r => r.OuterUpdate));
        Assert.Equal(firstLoss, all[0].Figures["outer_loss"], 12);
        Assert.Equal(SmallRun.Steps, all[0].Figures["truncation_steps"]);
        Assert.InRange(all[0].Figures["weight_es"], 0, 1);
        Assert.True(double.IsNaN(all[0].EvaluationOuterTest));
        Assert.Equal([3L], later.Select(r => r.OuterUpdate));
        var recorded = UpdateFigureTable.Of([EstimatorId.Rp, EstimatorId.Es]).Where(f => f.InHistory).Select(f => f.Name);
        Assert.Equal(recorded.Order(), all[0].Figures.Keys.Order());
        Assert.Equal(all[2].Figures, (await coordinator.StatusAsync(s => s.OuterUpdate == 3)).Figures);
    }

    [Fact]
    public async Task Status_LossLongAtChance_SaysSo()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification with { InnerSteps = 1000 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        double chance = Math.Log(SmallRun.Specification.TaskClasses);
        for (int version = 0; version < 20; version++)
        {
            foreach (var problem in problems)
            {
                var sample = problem.Next(version);
                (sample.Losses[0], sample.Losses[1]) = (chance, chance);
                await worker.GiveAsync(sample);
            }

            if (version == 5) Assert.Empty((await coordinator.StatusAsync(s => s.OuterUpdate == 6)).Notices);
        }

        Assert.Contains(
            $"ln {SmallRun.Specification.TaskClasses} = {chance:F2}",
            Assert.Single((await coordinator.StatusAsync(s => s.OuterUpdate == 20)).Notices).Text,
            StringComparison.Ordinal);
    }
}
