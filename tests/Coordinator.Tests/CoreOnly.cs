using LoptCluster.Coordinator.Loop;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Tests;

/// <summary>The core of a coordinator and its parts, without loop, network and threads: events go in by hand.</summary>
internal sealed class CoreOnly : IDisposable
{
    private readonly ServiceProvider _services;

    public CoreOnly(CoordinatorOptions options, TimeProvider time)
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(options)
            .AddSingleton(OpenedRun.Open(options))
            .AddSingleton(Siblings.None)
            .AddSingleton(time)
            .AddCoordinatorInstruments()
            .AddThetaServing()
            .AddOperations()
            .AddRunParts()
            .BuildServiceProvider(validateScopes: true);
        _services.GetRequiredService<RunRestorer>().Restore();
        Core.Start();
    }

    public ThetaBoard Board => _services.GetRequiredService<ThetaBoard>();

    private RunCore Core => _services.GetRequiredService<RunCore>();

    /// <summary>Handles a group of events: one transaction.</summary>
    public void Handle(params ReadOnlySpan<RunEvent> group)
    {
        var ended = Begin(group);
        ended.Commit();
        ended.Publish();
    }

    /// <summary>Handles a group of events, and leaves the commit to the caller.</summary>
    public EventGroup Begin(params ReadOnlySpan<RunEvent> group)
    {
        foreach (var e in group) Core.Handle(e);
        return Core.End();
    }

    public void Dispose() => _services.Dispose();
}
