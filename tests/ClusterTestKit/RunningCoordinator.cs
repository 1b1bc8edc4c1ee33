using Grpc.Net.Client;
using LoptCluster.Coordinator;
using LoptCluster.Coordinator.Hosts;
using LoptCluster.Hosting.Connections;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.ClusterTestKit;

/// <summary>The real coordinator on a free loopback port.</summary>
public sealed class RunningCoordinator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _stopped;

    private RunningCoordinator(WebApplication app, ClientTlsOptions tls)
    {
        _app = app;
        var listeners = app.Services.GetRequiredService<ListenerSet>();
        Address = listeners.Address(Listener.Grpc)!;
        Web = listeners.Address(Listener.Web);
        Health = listeners.Address(Listener.Health);
        Channel = Open(tls);
    }

    public string Address { get; }

    /// <summary>URL of the web port; null if it is off.</summary>
    public string? Web { get; }

    /// <summary>URL of the health port; null if it is off.</summary>
    public string? Health { get; }

    public GrpcChannel Channel { get; }

    /// <summary>Services of its only run.</summary>
    public IServiceProvider Services => _app.Services.GetRequiredService<RunHosts>().Open.Single().Services;

    public Protocol.V1.Operations.OperationsClient Operations => new(Channel);

    public Protocol.V1.ThetaService.ThetaServiceClient Theta => new(Channel);

    /// <summary>Completes when the coordinator begins to stop.</summary>
    public Task Stopping
    {
        get
        {
            var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
            return stopping.Task;
        }
    }

    /// <summary>After it has stopped: what ended a run; null: nothing but the stop.</summary>
    public Exception? Failure { get; private set; }

    public static async Task<RunningCoordinator> StartAsync(
        TemporaryFolder folder,
        RunSpecification? specification = null,
        Func<CoordinatorOptions, CoordinatorOptions>? with = null,
        TimeProvider? time = null,
        ClientTlsOptions? tls = null)
    {
        var options = new CoordinatorOptions
        {
            RunDirectory = folder.Path,
            Specification = specification,
            Listen = "127.0.0.1:0",
            HeartbeatInterval = TimeSpan.FromHours(1),
        };
        var app = CoordinatorProgram.Build(with?.Invoke(options) ?? options, time);
        await app.StartAsync();
        return new RunningCoordinator(app, tls ?? new ClientTlsOptions());
    }

    /// <summary>Another channel, on a connection of its own.</summary>
    public GrpcChannel Open(ClientTlsOptions tls) => GrpcChannel.ForAddress(
        Address,
        new GrpcChannelOptions
        {
            HttpHandler = new ClientTls(tls).Over(new SocketsHttpHandler(), new Uri(Address)),
            DisposeHttpClient = true,
        });

    /// <summary>Waits for a status that satisfies the condition.</summary>
    public Task<Protocol.V1.Status> StatusAsync(Func<Protocol.V1.Status, bool> condition) => Operations.StatusAsync(condition);

    public async Task<GetThetaResponse> LatestAsync() => await Theta.GetThetaAsync(new GetThetaRequest { Latest = true });

    public async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        await _app.StopAsync();
        Failure = _app.Services.GetRequiredService<RunHosts>().Open.Select(r => r.Failure).OfType<Exception>().FirstOrDefault();
        await _app.DisposeAsync();
        Channel.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
