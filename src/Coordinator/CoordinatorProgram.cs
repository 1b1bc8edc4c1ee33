using LoptCluster.Coordinator.Fleet;
using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.Web;
using LoptCluster.Hosting;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator;

/// <summary>The coordinator as a program.</summary>
public static class CoordinatorProgram
{
    internal static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Runs until it is cancelled, or the run is finished and the options say so. Prints <c>listening on URL</c> and <c>page on URL</c>
    /// once calls are taken.
    /// </summary>
    /// <returns>Exit status: 0 after a clean end.</returns>
    /// <exception cref="UserErrorException">Options, folder, certificate or address are not usable.</exception>
    public static async Task<int> RunAsync(CoordinatorOptions options, CancellationToken cancellation)
    {
        await using var app = Build(options);
        var listeners = app.Services.GetRequiredService<ListenerSet>();
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException e)
        {
            throw listeners.CannotOpen(e);
        }
        catch (Exception e) when (RunFileFault.Find(e) is { } fault)
        {
            throw fault.AtStart(Path.Combine(options.RunDirectory, RunDatabase.FileName), e);
        }

        await WriteAsync($"listening on {listeners.Address(Listener.Grpc)}");
        if (listeners.Address(Listener.Web) is { } page) await WriteAsync($"page on {page}/");
        await Console.Out.FlushAsync(CancellationToken.None);
        await using var stop = cancellation.Register(app.Lifetime.StopApplication);
        await app.WaitForShutdownAsync(CancellationToken.None);
        if (options.Study is null && app.Services.GetRequiredService<RunHosts>().Open.Single().Failure is { } failure)
            throw failure is UserErrorException ? failure : new InvalidOperationException("The run loop failed.", failure);
        return 0;

        Task WriteAsync(string line) => Console.Out.WriteLineAsync(
            ProgramLine.Of(options.LogFormat, LogLevel.Information, line, DateTimeOffset.UtcNow));
    }

    /// <summary>Checks that the ports of the options can be opened, before anything is made for what is to be served on them.</summary>
    /// <exception cref="UserErrorException">One of them cannot.</exception>
    public static void CheckPorts(CoordinatorOptions options) => new CoordinatorListeners(options).Probe();

    internal static WebApplication Build(CoordinatorOptions options, TimeProvider? time = null)
    {
        var listeners = new CoordinatorListeners(options);
        var tokens = new TokenRegister(options.Tokens);
        // A taken port leaves no folder behind; of a run that is served already, its lock says more.
        if (!Directory.Exists(options.RunDirectory)) listeners.Probe();
        var run = options.Study is null ? OpenedRun.Open(options) : null;

        var bounds = ConnectionLimits.Bounds(options.Study?.Runs.Count ?? 1);
        var builder = ProgramWebHost.CreateBuilder(typeof(CoordinatorProgram).Assembly.GetName().Name, bounds);
        builder.Services.AddSingleton(options).AddSingleton(listeners.Set).AddSingleton(time ?? new SteadyTime(TimeProvider.System))
            .AddSingleton(_ => new RunHosts(isStudy: options.Study is not null));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownLimit);
        // Sockets call back on the thread pool already: another hop for each message costs a sixteenth of a sample's time.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(listeners.Open);
        if (listeners.Tls is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.AddProgramLogs(options.LogFormat, options.Verbose);
        builder.Services.AddCoordinatorTelemetry(run?.Context.RunId ?? options.Study!.Name, listeners.HasWeb)
            .AddSecurity(tokens, listeners.Tls)
            .AddFleet()
            .AddLivePage()
            .AddCoordinatorGrpc();

        var app = builder.Build();
        ProgramTelemetry.Start(app.Services);
        app.Services.GetService<CertificateGauge>();
        app.Services.GetRequiredService<RunHosts>().Begin(RunComposition.Runs(options, run, app.Services));
        app.UseRouting();
        app.UseListeners();
        app.UseOn(Listener.Web, app.Services.GetRequiredService<RequestGuard>().CheckAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapCoordinatorServices();
        if (listeners.HasWeb) app.MapWeb();
        return app;
    }
}
