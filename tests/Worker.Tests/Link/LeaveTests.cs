using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Link;

public sealed class LeaveTests
{
    [Fact]
    public async Task Drain_HalfDoneProblem_IsContinuedElsewhereBitForBit()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (leaving, first) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = leaving;
        first.Assign(new InnerProblem { ProblemId = 5, FromStart = new FromStart(), AssignmentId = 11 });
        await first.AcceptAsync(2);
        first.Drain();
        var goodbye = await first.GoodbyeAsync();
        Assert.Equal(11, first.HandedBackAssignment);
        Assert.Equal(0, await leaving.ExitAsync());
        var bytes = Assert.Single(goodbye);
        var state = InnerStateCodec.Decode(bytes.Span);
        Assert.Equal((5, true), (state.ProblemId, state.NextTruncation >= 2));

        var (other, second) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long, id: "other");
        await using var __ = other;
        second.Assign(new InnerProblem { ProblemId = 5, HandedBack = bytes });
        var sample = await second.AcceptAsync();
        Assert.Equal(state.NextTruncation, sample.Truncation);
        EngineSamples.AssertSame(EngineSamples.Compute(SmallRun.Long, 5, Enumerable.Repeat(0L, sample.Truncation + 1)).Samples[^1], sample);
    }

    [Fact]
    public async Task Drain_ToComeBack_HandsBackAndJoinsAgainWithNothing()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, first) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        first.Assign(5);
        await first.AcceptAsync(2);
        first.Drain(comeBack: true);
        var bytes = Assert.Single(await first.GoodbyeAsync());
        var state = InnerStateCodec.Decode(bytes.Span);

        var second = await coordinator.AcceptAsync();

        Assert.Equal((first.Hello.WorkerId, 0), (second.Hello.WorkerId, second.Hello.Held.Count));
        Assert.False(worker.Exit.IsCompleted);
        second.Welcome(SmallRun.Long, SmallRun.Theta(0));
        second.Assign(new InnerProblem { ProblemId = 5, HandedBack = bytes });
        Assert.Equal(state.NextTruncation, (await second.AcceptAsync()).Truncation);
        worker.Stop();
        await second.GoodbyeAsync();
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Fact]
    public async Task Stop_UnacknowledgedSamples_AreFlushedBeforeGoodbye()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        connection.Assign(0);
        // Five wait for an acknowledgement, so the slot is idle and a goodbye would come at once.
        var samples = new List<Sample>();
        while (samples.Count < 5) samples.Add(await connection.SampleAsync());
        worker.Stop();
        var next = connection.NextAsync();
        foreach (var sample in samples)
        {
            Assert.False(next.IsCompleted);
            connection.Acknowledge(sample);
        }

        Assert.NotNull((await next).Goodbye);
        connection.Complete();
        Assert.Equal(0, await worker.ExitAsync());
        var state = InnerStateCodec.Decode(connection.HandedBack[0].Span);
        Assert.Equal((0, 5, 5 * SmallRun.Steps), (state.ProblemId, state.NextTruncation, state.InnerStep));
    }

    [Fact]
    public async Task Stop_InALongTruncation_HandsBackTheStateBeforeIt()
    {
        var specification = SmallRun.Specification with
        {
            Estimator = Estimator.Es,
            InnerSteps = 10_000_000,
            TruncationFirst = 9_000_000,
            TruncationLast = 9_000_000,
        };
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, specification);
        await using var _ = worker;
        // Made by short truncations, with the horizon of the run.
        var made = SmallRun.Long with { InnerSteps = specification.InnerSteps };
        var state = EngineSamples.Bytes(EngineSamples.Compute(made, 3, 0, 0).State);
        connection.Assign(new InnerProblem { ProblemId = 3, HandedBack = state });
        while ((await connection.HeartbeatAsync()).Slots[0].Activity != "unrolling")
        {
        }

        worker.Stop();
        Assert.Equal([state], (await connection.GoodbyeAsync()));
        Assert.Equal(0, await worker.ExitAsync());
    }

    [Fact]
    public async Task Drain_ProblemNotBegun_HandsBackTheStateItCameWith()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        var state = EngineSamples.Bytes(EngineSamples.Compute(SmallRun.Long, 2, 0, 0).State);
        connection.Pause(true);
        connection.Assign(new InnerProblem { ProblemId = 2, HandedBack = state });
        connection.Drain();
        Assert.Equal([state], (await connection.GoodbyeAsync()));
    }
}
