using LoptCluster.Hosting.Listeners;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Protocol;
using LoptCluster.Shared;
using LoptCluster.Worker.Link;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker;

/// <summary>The worker as a program.</summary>
public static class WorkerProgram
{
    /// <summary>
    /// Works until the coordinator dismisses the worker or <paramref name="cancellation"/> is cancelled; then hands back its unfinished
    /// problems. Waits for a coordinator that stops for a while.
    /// </summary>
    /// <returns>Exit status: 0 after a clean end.</returns>
    /// <exception cref="UserErrorException">The coordinator refused this worker, or the dataset or an option is not usable.</exception>
    public static async Task<int> RunAsync(WorkerOptions options, CancellationToken cancellation)
    {
        if (options.Slots is < 1 or > ProtocolLimits.MostSlots)
            throw new UserErrorException($"--slots '{options.Slots}' is out of range. Allowed: 1 to {ProtocolLimits.MostSlots}.");
        while (await ServeRunAsync(options, cancellation) && !cancellation.IsCancellationRequested)
        {
            // The coordinator is expected back: look for it with a new host.
        }

        return 0;
    }

    /// <summary>One membership in a run: from the join to the goodbye.</summary>
    /// <returns>Whether the coordinator stops only for a while.</returns>
    private static async Task<bool> ServeRunAsync(WorkerOptions options, CancellationToken cancellation)
    {
        using var host = WorkerHost.Build(options);
        try
        {
            await host.StartAsync(CancellationToken.None);
        }
        catch (IOException e)
        {
            throw host.Services.GetRequiredService<ListenerSet>().CannotOpen(e);
        }

        if (host.Services.GetRequiredService<ListenerSet>().Address(Listener.Web) is { } metrics)
        {
            await Console.Out.WriteLineAsync(ProgramLine.Of(
                options.LogFormat, LogLevel.Information, $"metrics on {metrics}/metrics", DateTimeOffset.UtcNow));
            await Console.Out.FlushAsync(CancellationToken.None);
        }

        try
        {
            return await host.Services.GetRequiredService<CoordinatorLink>().RunAsync(cancellation);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }
}
