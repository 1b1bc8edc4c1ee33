using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Link;

public sealed class ReconnectTests
{
    [Fact]
    public async Task Reconnect_StreamBroke_SaysWhatIsHeldAndSendsAgainInOrder()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, first) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        first.Assign(0, 1);
        // At most 4 a slot and one a problem wait for an acknowledgement: then the worker stands still, and what it holds is known.
        var sent = new List<Sample>();
        while (sent.Count < 6) sent.Add(await first.SampleAsync());
        first.Break();

        var second = await coordinator.AcceptAsync();
        Assert.Equal(
            ("w", "run", SmallRun.Dataset.Fingerprint), (second.Hello.WorkerId, second.Hello.RunId, second.Hello.DatasetFingerprint));
        Assert.Equal(
            [(0, 3, 3 * SmallRun.Steps), (1, 3, 3 * SmallRun.Steps)],
            second.Hello.Held.Select(h => (h.ProblemId, h.NextTruncation, h.InnerStep)).Order());
        second.Welcome(SmallRun.Long, SmallRun.Theta(0));
        var again = await second.AcceptAsync(6);
        Assert.Equal(sent, again);

        // And the problems go on where they were.
        Assert.Equal([(0, 3), (1, 3)], (await second.AcceptAsync(2)).Select(s => (s.ProblemId, s.Truncation)));
    }

    [Fact]
    public async Task Reconnect_AcknowledgedSamples_AreNotSentAgain()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, first) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification);
        await using var _ = worker;
        first.Assign(0);
        await first.AcceptAsync(SmallRun.Truncations);
        await first.BarrierAsync();
        first.Break();

        var second = await coordinator.AcceptAsync();
        Assert.Empty(second.Hello.Held);
        second.Welcome(SmallRun.Specification, SmallRun.Theta(0));
        Assert.Empty(await second.BarrierAsync());
    }

    [Fact]
    public async Task Reconnect_LastSampleOfAProblemUnacknowledged_HoldsTheEndedProblem()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, first) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification);
        await using var _ = worker;
        first.Assign(0);
        await first.AcceptAsync(SmallRun.Truncations - 1);
        var last = await first.SampleAsync();
        Assert.True(last.ProblemFinished);
        await first.BarrierAsync();
        first.Break();

        var second = await coordinator.AcceptAsync();
        Assert.Equal(
            [(0, SmallRun.Truncations, SmallRun.Truncations * SmallRun.Steps)],
            second.Hello.Held.Select(h => (h.ProblemId, h.NextTruncation, h.InnerStep)));
        second.Welcome(SmallRun.Specification, SmallRun.Theta(0));
        Assert.Equal(last, await second.AcceptAsync());
    }

    [Fact]
    public async Task Reconnect_CoordinatorRestarted_IsFoundAgain()
    {
        var coordinator = await ScriptedCoordinator.StartAsync();
        int port = new Uri(coordinator.Address).Port;
        var (worker, first) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        first.Assign(0);
        await first.AcceptAsync();
        await coordinator.DisposeAsync();

        await using var restarted = await ScriptedCoordinator.StartAsync(port: port);
        var second = await restarted.AcceptAsync();
        Assert.Equal([0], second.Hello.Held.Select(h => h.ProblemId));
    }

    [Fact]
    public async Task Stop_CoordinatorAway_EndsCleanly()
    {
        var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, first) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        first.Assign(0);
        await first.AcceptAsync();
        await coordinator.DisposeAsync();
        worker.Stop();
        Assert.Equal(0, await worker.ExitAsync());
    }
}
