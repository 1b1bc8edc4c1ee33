using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Membership;

public sealed class WelcomeTests
{
    /// <summary>A worker takes a first message other than Welcome for a sign of a broken coordinator, and disconnects.</summary>
    [Fact]
    public void Hello_InTheGroupOfAnOuterUpdate_IsAnsweredByAWelcomeWithTheNewTheta()
    {
        using var folder = new TemporaryFolder();
        var options = new CoordinatorOptions
        {
            RunDirectory = folder.Path,
            Specification = SmallRun.Specification,
            HeartbeatInterval = TimeSpan.FromDays(1),
        };
        using var core = new CoreOnly(options, TimeProvider.System);
        WorkerSession first = SessionOf("first"), second = SessionOf("second");
        core.Handle(new WorkerJoined(first));
        var heard = Heard(first);
        var welcome = heard[0].Welcome;
        var samples = heard.Where(m => m.Assignment is not null).Select(
            m => new ScriptedProblem(m.Assignment.Problem, welcome).Next(0)).ToList();

        core.Handle(
        [
            .. samples.Select(
                s => new WorkerSent(first, WireMessages.FromProto(new WorkerMessage { Sample = s }))), new WorkerJoined(second),
        ]);

        Assert.Equal(1, Heard(second)[0].Welcome?.Theta.Version);
        Assert.Contains(Heard(first), m => m.Theta?.Version == 1);
    }

    private static WorkerSession SessionOf(string id) =>
        new(
            new WorkerHello { WorkerId = id, Host = "host", Slots = 1, EngineVersion = EngineVersion.Current, SelfCheck = SelfCheck.Value },
            new CancellationTokenSource());

    private static List<CoordinatorMessage> Heard(WorkerSession session)
    {
        var messages = new List<CoordinatorMessage>();
        while (session.TryRead(out var message)) messages.Add(message);
        return messages;
    }
}
