using LoptCluster.Hosting.Listeners;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Worker.Link;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Worker.Hosting;

/// <summary>The worker as a program.</summary>
public static class WorkerProgram
{
    /// <summary>Works until the coordinator sends it away or the token is cancelled; then hands back what is half done. Waits for a coordinator that stops.</summary>
    /// <returns>Exit status: 0 after a clean end.</returns>
    /// <exception cref="UserErrorException">The coordinator refused this worker, or the dataset, an address or the options are not usable.</exception>
    public static async Task<int> RunAsync(WorkerOptions options, CancellationToken cancellation)
    {
        if (options.Slots is < 1 or > WireLimits.MostSlots) throw new UserErrorException($"--slots {options.Slots} is out of range; give 1 to {WireLimits.MostSlots}.");
        bool again = true;
        while (again) again = await MembershipAsync(options, cancellation) && !cancellation.IsCancellationRequested;
        return 0;
    }

    /// <summary>From a join to a goodbye.</summary>
    /// <returns>The coordinator stops for a while.</returns>
    private static async Task<bool> MembershipAsync(WorkerOptions options, CancellationToken cancellation)
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
            await Console.Out.WriteLineAsync($"metrics on {metrics}/metrics");
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
