using System.Net;
using LoptCluster.Protocol.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoptCluster.ClusterTestKit;

/// <summary>
/// Stands between a real worker and its coordinator, and makes a liar of the worker: the shipped program has no switch for it.
/// </summary>
public sealed class TamperingProxy : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TamperingProxy(WebApplication application) => _application = application;

    /// <summary>What the worker takes for its coordinator.</summary>
    public string Address => _application.Urls.Single();

    public static async Task<TamperingProxy> StartAsync(string coordinator, Action<WorkerMessage> change)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new Tampering(coordinator, change));
        var application = builder.Build();
        application.MapGrpcService<TamperedMessages>();
        await application.StartAsync();
        return new TamperingProxy(application);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
