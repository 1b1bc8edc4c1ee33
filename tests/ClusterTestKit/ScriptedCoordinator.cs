using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoptCluster.ClusterTestKit;

/// <summary>A gRPC server on loopback that answers as the test demands, also what a real coordinator answers rarely or never.</summary>
public sealed class ScriptedCoordinator : IAsyncDisposable
{
    /// <summary>Limit of every wait, so that a failing test ends: nothing here takes longer than a second.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _application;
    private readonly JoiningWorkers _workers;

    private ScriptedCoordinator(WebApplication application, JoiningWorkers workers)
    {
        _application = application;
        _workers = workers;
    }

    /// <summary>URL of the server.</summary>
    public string Address => _application.Urls.Single();

    /// <summary>Host and port of the server.</summary>
    public string Authority => new Uri(Address).Authority;

    public static async Task<ScriptedCoordinator> StartAsync(CoordinatorScript? script = null, int port = 0)
    {
        var workers = new JoiningWorkers();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(script ?? new CoordinatorScript()).AddSingleton(workers);
        var application = builder.Build();
        application.MapGrpcService<ScriptedOuterTraining>();
        application.MapGrpcService<ScriptedOperations>();
        application.MapGrpcService<ScriptedTheta>();
        await application.StartAsync();
        return new ScriptedCoordinator(application, workers);
    }

    /// <summary>The next worker that sends Hello.</summary>
    public async Task<WorkerConnection> AcceptAsync() => await _workers.Joined.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        CutConnections();
        await _application.DisposeAsync();
    }

    /// <summary>Breaks every worker's stream, and each new one at once.</summary>
    public void CutConnections() => _workers.Cut.Cancel();
}
