using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Hosting;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.OuterTraining;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LoptCluster.Coordinator.Tests.OuterTraining;

public sealed class WelcomeTests
{
    /// <summary>A worker takes a first word that is no Welcome for a broken coordinator, and hangs up.</summary>
    [Fact]
    public void Hello_InTheGroupOfAnOuterUpdate_IsAnsweredByAWelcomeWithTheNewTheta()
    {
        using var folder = new TemporaryFolder();
        using var services = new ServiceCollection().AddMetrics().AddSingleton<CoordinatorMetrics>().AddSingleton<SampleTraces>().BuildServiceProvider();
        var options = new CoordinatorOptions { RunDirectory = folder.Path, Specification = SmallRun.Specification, HeartbeatInterval = TimeSpan.FromDays(1) };
        using var core = new RunCore(
            RunContext.Open(options), options, new ThetaBoard(), new StatusBoard(), services.GetRequiredService<CoordinatorMetrics>(),
            services.GetRequiredService<SampleTraces>(), TimeProvider.System, NullLogger<RunCore>.Instance);
        WorkerSession first = SessionOf("first"), second = SessionOf("second");
        Handle(core, new WorkerJoined(first));
        var heard = Heard(first);
        var welcome = heard[0].Welcome;
        var samples = heard.Where(m => m.Assignment is not null).Select(m => new ScriptedProblem(m.Assignment.Problem, welcome).Next(0)).ToList();

        Handle(core, [.. samples.Select(s => new WorkerSent(first, new WorkerMessage { Sample = s })), new WorkerJoined(second)]);

        Assert.Equal(1, Heard(second)[0].Welcome?.Theta.Version);
        Assert.Contains(Heard(first), m => m.Theta?.Version == 1);
    }

    private static WorkerSession SessionOf(string id) =>
        new(new Hello { WorkerId = id, Host = "host", Slots = 1, EngineVersion = EngineVersion.Current }, new CancellationTokenSource());

    private static void Handle(RunCore core, params RunEvent[] group)
    {
        core.Begin();
        foreach (var e in group) core.Handle(e);
        core.Flush();
    }

    private static List<CoordinatorMessage> Heard(WorkerSession session)
    {
        var messages = new List<CoordinatorMessage>();
        while (session.TryRead(out var message)) messages.Add(message);
        return messages;
    }
}
