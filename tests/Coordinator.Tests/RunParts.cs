using LoptCluster.Coordinator.Loop;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LoptCluster.Coordinator.Tests;

/// <summary>Parts of a run's core, each for a test of its own: nothing handles events or assigns work but the test.</summary>
internal sealed class RunParts : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    /// <param name="specification">The run; null: a small one.</param>
    /// <param name="directory">Its folder; null: one that is deleted with the parts.</param>
    public RunParts(RunSpecification? specification = null, string? directory = null)
    {
        var options = new CoordinatorOptions
        {
            RunDirectory = directory ?? _folder.Path,
            Specification = specification ?? SmallRun.Specification,
        };
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(options)
            .AddSingleton(OpenedRun.Open(options))
            .AddSingleton(Siblings.None)
            .AddSingleton<TimeProvider>(Time)
            .AddCoordinatorInstruments()
            .AddThetaServing()
            .AddRunParts()
            .BuildServiceProvider();
        Get<ThetaBoard>().Publish(SmallRun.Theta(0));
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddDays(20_000));

    public MembershipTimes Times => Get<MembershipTimes>();

    public static WorkerSession Session(string id, int slots = 1, string instance = "", params IReadOnlyList<HeldPosition> held) => new(
        new WorkerHello
        {
            WorkerId = id,
            Host = "host",
            Slots = slots,
            EngineVersion = EngineVersion.Current,
            SelfCheck = SelfCheck.Value,
            Held = held,
            Instance = instance,
        }, new CancellationTokenSource());

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Commits and sends what is queued.</summary>
    /// <returns>The messages to a session since the last call.</returns>
    public List<CoordinatorMessage> Flush(WorkerSession session)
    {
        Get<RunWriter>().Commit();
        Get<Outbox>().Take()();
        var messages = new List<CoordinatorMessage>();
        while (session.TryRead(out var message)) messages.Add(message);
        return messages;
    }

    public void Dispose()
    {
        Get<RunWriter>().Commit();
        _services.Dispose();
        _folder.Dispose();
    }
}
