using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Loop;

/// <summary>A run whose file cannot be used for a while.</summary>
public sealed class InterruptionTests
{
    [Fact]
    public async Task Locked_NothingIsAcknowledged_StatusAndMetricsSayWhy_AndItGoesOn()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification, o => o with { Web = "127.0.0.1:0" });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        using var web = new HttpClient();

        Task<SampleOutcome> waiting;
        using (new RunFile(folder.Path).Lock())
        {
            waiting = worker.GiveAsync(problems[0].Next(0));
            var interrupted = await coordinator.StatusAsync(s => s.State == RunState.Interrupted);

            Assert.Equal(("file_fault", NoticeSeverity.Problem), (interrupted.Notices[0].Kind, interrupted.Notices[0].Severity));
            Assert.Contains("run.db' is locked by another program", interrupted.Notices[0].Text, StringComparison.Ordinal);
            Assert.Contains(
                "state=\"interrupted\"} 1", await web.GetStringAsync(coordinator.Web + "/metrics"), StringComparison.Ordinal);
            Assert.False(waiting.IsCompleted);
        }

        Assert.Equal(SampleOutcome.Accepted, await waiting);
        foreach (var problem in problems.Skip(1)) Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync(problem.Next(0)));
        var status = await coordinator.StatusAsync(s => s.State == RunState.Running && s.OuterUpdate == 1);
        Assert.DoesNotContain(status.Notices, n => n.Kind == "file_fault");
    }

    [Fact]
    public async Task Locked_Stopped_EndsAtOnceWithTheReason()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        using var held = new RunFile(folder.Path).Lock();
        var waiting = worker.GiveAsync(problems[0].Next(0));
        await coordinator.StatusAsync(s => s.State == RunState.Interrupted);

        await coordinator.StopAsync();

        Assert.Contains("is locked by another program", coordinator.Failure?.Message ?? "", StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => waiting);
    }

    /// <summary>A coordinator that was killed comes back while somebody copies the file.</summary>
    [Fact]
    public async Task Start_FileIsLockedForAWhile_Waits()
    {
        using var folder = new TemporaryFolder();
        await using (await RunningCoordinator.StartAsync(folder, SmallRun.Specification))
        {
            // Begins the run.
        }

        var held = new RunFile(folder.Path).Lock();
        var starting = Task.Run(() => RunningCoordinator.StartAsync(folder));
        // Longer than a run that is going waits before it says that it is interrupted.
        await Task.Delay(TimeSpan.FromSeconds(4));
        Assert.False(starting.IsCompleted);
        held.Dispose();

        await using var coordinator = await starting;
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        await worker.GiveAsync((await worker.ProblemAsync()).Next(0));
    }
}
