using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class SamplingTests
{
    [Fact]
    public async Task Problem_Assigned_IsUnrolledToItsHorizonAsTheEngineDoes()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification);
        await using var _ = worker;
        connection.Assign(7);
        var expected = EngineSamples.Compute(SmallRun.Specification, 7, 0, 0, 0, 0).Samples;
        foreach (var sample in expected) EngineSamples.AssertSame(sample, await connection.AcceptAsync());
        Assert.True(expected[^1].ProblemFinished);
        await connection.AssertIdleAsync();
    }

    [Fact]
    public async Task Sample_SaysWhichSpecificationItIsOf()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification);
        await using var _ = worker;
        connection.Assign(0);
        Assert.Equal(SpecificationJson.Hash(SmallRun.Specification), (await connection.AcceptAsync()).SpecificationHash);
    }

    [Fact]
    public async Task Problems_MoreThanSlots_TakeTurns()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        connection.Pause(true);
        connection.Assign(4, 2, 9);
        connection.Pause(false);
        Assert.Equal([4, 2, 9, 4, 2, 9], (await connection.AcceptAsync(6)).Select(s => s.ProblemId));
    }

    [Fact]
    public async Task Slots_Two_WorkOnProblemsAtTheSameTime()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long, slots: 2);
        await using var _ = worker;
        connection.Pause(true);
        connection.Assign(0, 1);
        connection.Pause(false);
        var accepted = await connection.AcceptAsync(10);
        // On a busy machine the second slot may start late.
        while (accepted.Count < 2000 && accepted.All(s => s.ProblemId == accepted[0].ProblemId))
            accepted.Add(await connection.AcceptAsync());
        var samples = accepted.ToLookup(s => s.ProblemId);
        foreach (var problem in samples)
        {
            var expected = EngineSamples.Compute(SmallRun.Long, problem.Key, Enumerable.Repeat(0L, problem.Count())).Samples;
            foreach (var (e, a) in expected.Zip(problem)) EngineSamples.AssertSame(e, a);
        }

        Assert.Equal(2, samples.Count);
    }

    [Fact]
    public async Task Theta_Newer_IsUsedFromTheNextTruncationOn()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        connection.Assign(0);
        await connection.AcceptAsync();
        connection.Theta(SmallRun.Theta(3));
        connection.Theta(SmallRun.Theta(2));
        // Five that nobody acknowledges would make the slot wait for ever.
        foreach (var before in await connection.BarrierAsync()) connection.Acknowledge(before);
        Assert.Equal(3, (await connection.SampleAsync()).ThetaVersion);
    }

    [Fact]
    public async Task Problem_ToRecompute_ContinuesBitForBit()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification, thetaVersion: 2);
        await using var _ = worker;
        var original = EngineSamples.Compute(SmallRun.Specification, 6, 0, 1, 2).Samples;
        var problem = new InnerProblem { ProblemId = 6 };
        StateOriginWire.Set(
            problem, new StateOrigin.Recomputed(
                [.. original.Take(2).Select(s => new RecomputedTruncation(s.Steps, SmallRun.Theta(s.ThetaVersion).Theta))]));
        connection.Assign(problem);
        EngineSamples.AssertSame(original[2], await connection.AcceptAsync());
    }

    [Theory]
    [InlineData(200 * SmallRun.Steps, "its horizon is")]
    [InlineData(SmallRun.Truncations * SmallRun.Steps, "w of particle 0")]
    public async Task Problem_HandedBackStateThatDoesNotFit_IsReturnedAsUnusable(int horizon, string mismatch)
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification);
        await using var _ = worker;
        var other = new InnerState
        {
            ProblemId = 6,
            Horizon = horizon,
            InnerStep = SmallRun.Steps,
            NextTruncation = 1,
            Particles = [new Particle(new float[16], new float[80])],
        };
        var problem = new InnerProblem { ProblemId = 6 };
        StateOriginWire.Set(problem, new StateOrigin.HandedBack(other));
        connection.Assign(problem);

        var unusable = (await connection.NextAsync()).UnusableState;
        Assert.Equal(6, unusable.ProblemId);
        Assert.Contains(mismatch, unusable.Detail, StringComparison.Ordinal);
        connection.Assign(6);
        EngineSamples.AssertSame(EngineSamples.Compute(SmallRun.Specification, 6, 0).Samples[0], await connection.AcceptAsync());
    }

    [Fact]
    public async Task Samples_NotAcknowledged_StopAtFourASlotAndOneAProblem()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        connection.Assign(0);
        var samples = new List<Sample>();
        while (samples.Count < 5) samples.Add(await connection.SampleAsync());
        await connection.AssertIdleAsync();
        connection.Acknowledge(samples[0]);
        Assert.Equal(5, (await connection.SampleAsync()).Truncation);
    }
}
