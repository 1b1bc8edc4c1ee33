using Grpc.Core;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;
using Status = LoptCluster.Protocol.V1.Status;

namespace LoptCluster.Coordinator.Tests.Operations;

/// <summary>How a stream of statuses ends. The interval is so long that only the end of the process can send the last one.</summary>
public sealed class WatchStatusTests
{
    private static readonly WatchStatusRequest Hourly = new() { IntervalMilliseconds = 3_600_000 };

    [Fact]
    public async Task Watch_TheProcessExitsAtTheEndOfTheRun_EndsWithTheFinishedStatus()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await StartAsync(folder, outerUpdates: 1);
        var stopping = coordinator.Stopping;
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        using var call = coordinator.Operations.WatchStatus(Hourly);
        Assert.Equal(RunState.Running, (await NextAsync(call))!.State);

        foreach (var problem in problems) await worker.GiveAsync(problem.Next(0));
        await worker.ExpectAsync(m => m.Drain);
        await worker.SayGoodbyeAsync();
        await stopping.WaitAsync(ScriptedWorker.Patience);

        var last = await NextAsync(call);
        Assert.Equal((RunState.Finished, 1), (last!.State, last.OuterUpdate));
        Assert.Equal("finished", Assert.Single(last.Notices).Kind);
        Assert.Null(await NextAsync(call));
    }

    [Fact]
    public async Task Watch_TheProcessStopsBeforeTheEndOfTheRun_EndsWithAnError()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await StartAsync(folder, outerUpdates: 10);
        using var call = coordinator.Operations.WatchStatus(Hourly);
        Assert.Equal(RunState.WaitingForWorkers, (await NextAsync(call))!.State);

        var stop = coordinator.StopAsync();

        Assert.Equal(RunState.Draining, (await NextAsync(call))!.State);
        var error = await Assert.ThrowsAsync<RpcException>(() => NextAsync(call));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("before the run was finished", error.Status.Detail, StringComparison.Ordinal);
        await stop;
    }

    private static async Task<RunningCoordinator> StartAsync(TemporaryFolder folder, int outerUpdates) =>
        await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { OuterUpdates = outerUpdates }, o => o with { ExitWhenFinished = true });

    private static async Task<Status?> NextAsync(AsyncServerStreamingCall<Status> call)
    {
        using var limit = new CancellationTokenSource(ScriptedWorker.Patience);
        return await call.ResponseStream.MoveNext(limit.Token) ? call.ResponseStream.Current : null;
    }
}
