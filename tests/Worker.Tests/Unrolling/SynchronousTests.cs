using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class SynchronousTests
{
    [Fact]
    public async Task Lanes_EachThetaVersion_GiveOneSample()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Synchronous);
        await using var _ = worker;
        connection.Assign(0, 1);
        for (int version = 0; version < 3; version++)
        {
            var samples = await connection.AcceptAsync(2);
            Assert.Equal(
                [(0, version, version), (1, version, version)],
                samples.Select(s => (s.ProblemId, s.Truncation, (int)s.ThetaVersion)).Order());
            // A slot that kept no lane waiting would have begun a second sample of one by now.
            await connection.AssertIdleAsync();
            connection.Theta(SmallRun.Theta(version + 1));
        }
    }

    [Fact]
    public async Task Lane_NotBeforeVersion_WaitsForIt()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Synchronous, thetaVersion: 4);
        await using var _ = worker;
        connection.Assign(new InnerProblem { ProblemId = 0, NotBeforeVersion = 5 });
        await connection.AssertIdleAsync();
        connection.Theta(SmallRun.Theta(5));
        Assert.Equal(5, (await connection.AcceptAsync()).ThetaVersion);
    }

    [Fact]
    public async Task Sample_Superseded_IsForgottenWithItsProblem()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Synchronous);
        await using var _ = worker;
        connection.Assign(0);
        connection.Acknowledge(await connection.SampleAsync(), SampleOutcome.Superseded);
        connection.Theta(SmallRun.Theta(1));
        await connection.AssertIdleAsync();
        connection.Assign(new InnerProblem { ProblemId = 0, NotBeforeVersion = 1 });
        var sample = await connection.AcceptAsync();
        EngineSamples.AssertSame(EngineSamples.Compute(SmallRun.Synchronous, 0, 1).Samples[0], sample);
    }
}
