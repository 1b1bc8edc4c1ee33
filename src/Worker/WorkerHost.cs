using System.Net;
using LoptCluster.Hosting;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Shared.Instruments;
using LoptCluster.Worker.Link;
using LoptCluster.Worker.Telemetry;
using LoptCluster.Worker.Unrolling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoptCluster.Worker;

/// <summary>Composition of a worker. It has a web server only if a port for it is configured.</summary>
internal static class WorkerHost
{
    /// <summary>Those who read metrics.</summary>
    private static readonly ConnectionBounds Readers = new(InAll: 400, OfPeer: 200);

    public static IHost Build(WorkerOptions options)
    {
        var metrics = ListenAddress.ParseOptional("--metrics", options.Metrics);
        var health = ListenAddress.ParseOptional("--health", options.Health);
        var host = metrics is null && health is null ? WithoutPorts(options) : WithPorts(options, metrics, health);
        ProgramTelemetry.Start(host.Services);
        return host;
    }

    private static IHost WithoutPorts(WorkerOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        // The exporters read their OTEL_… variables from the configuration.
        builder.Configuration.AddEnvironmentVariables();
        AddWorker(builder, options, prometheus: false);
        builder.Services.AddSingleton<ListenerSet>();
        return builder.Build();
    }

    private static WebApplication WithPorts(WorkerOptions options, IPEndPoint? metrics, IPEndPoint? health)
    {
        var builder = ProgramWebHost.CreateBuilder(typeof(WorkerHost).Assembly.GetName().Name, Readers);
        AddWorker(builder, options, prometheus: metrics is not null);
        var listeners = new ListenerSet();
        builder.Services.AddSingleton(listeners);
        builder.Services.AddProgramHealth<WorkerAlive, WorkerReady>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (metrics is not null) listeners.Add(kestrel, Listener.Web, "--metrics", metrics, null);
            if (health is not null) listeners.Add(kestrel, Listener.Health, "--health", health, null);
        });
        var app = builder.Build();
        app.UseRouting();
        app.UseListeners();
        app.MapProgramHealth(Listener.Health);
        if (metrics is not null) app.MapMetrics().On(Listener.Web);
        return app;
    }

    private static void AddWorker(IHostApplicationBuilder builder, WorkerOptions options, bool prometheus)
    {
        builder.Logging.AddProgramLogs(options.LogFormat, options.Verbose);
        builder.Services
            .AddProgramTelemetry("lopt-worker", options.WorkerId, prometheus, [InstrumentNames.WorkerMeter], [InstrumentNames.WorkerSource])
            .AddMetrics()
            .AddSingleton(options.Link)
            .AddSingleton(options.Pool)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<WorkerMetrics>()
            .AddSingleton<UnrollTraces>()
            .AddSingleton<UnrollPool>()
            .AddSingleton<CoordinatorLink>();
    }
}
