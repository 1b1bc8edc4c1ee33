using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class RevokeTests
{
    [Fact]
    public async Task Problem_Revoked_GivesNoSampleAndIsNotHandedBack()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        connection.Assign(0, 1);
        await connection.AcceptAsync(3);
        connection.Send(new CoordinatorMessage { Revoke = new Revoke { ProblemId = 0 } });
        foreach (var sample in await connection.BarrierAsync()) connection.Acknowledge(sample);
        Assert.All(await connection.AcceptAsync(4), s => Assert.Equal(1, s.ProblemId));
        connection.Drain();
        Assert.Equal([1], (await connection.GoodbyeAsync()).Select(s => InnerStateCodec.Decode(s.Span).ProblemId));
    }

    [Fact]
    public async Task Sample_Refused_IsDroppedWithItsProblem()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Long);
        await using var _ = worker;
        connection.Assign(0);
        connection.Send(new CoordinatorMessage
        {
            Reject = new Reject
            {
                ProblemId = 0,
                Truncation = (await connection.SampleAsync()).Truncation,
                Reason = RejectReason.UnknownProblem,
                Detail = "no",
            },
        });
        await connection.AssertIdleAsync();
        connection.Assign(1);
        Assert.Equal(1, (await connection.AcceptAsync()).ProblemId);
    }
}
