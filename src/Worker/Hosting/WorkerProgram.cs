using LoptCluster.Shared;
using LoptCluster.Worker.Link;
using LoptCluster.Worker.Telemetry;
using LoptCluster.Worker.Unrolling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LoptCluster.Worker.Hosting;

/// <summary>The worker as a program.</summary>
public static class WorkerProgram
{
    private const int MostSlots = 4096;

    /// <summary>Works until the coordinator sends it away or the token is cancelled; then hands back what is half done.</summary>
    /// <returns>Exit status: 0 after a clean end.</returns>
    /// <exception cref="UserErrorException">The coordinator refused this worker, or the dataset or the options are not usable.</exception>
    public static async Task<int> RunAsync(WorkerOptions options, CancellationToken cancellation)
    {
        if (options.Slots is < 1 or > MostSlots) throw new UserErrorException($"--slots {options.Slots} is out of range; give 1 to {MostSlots}.");
        await using var services = new ServiceCollection().AddMetrics().AddSingleton<WorkerMetrics>().AddLogging(Configure).BuildServiceProvider();
        var log = services.GetRequiredService<ILogger<CoordinatorLink>>();
        var metrics = services.GetRequiredService<WorkerMetrics>();
        using var workshop = new Workshop(options.Slots, options.DataDirectory, metrics, TimeProvider.System);
        using var link = new CoordinatorLink(options, workshop, metrics, TimeProvider.System, log);
        await link.RunAsync(cancellation);
        return 0;
    }

    private static void Configure(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.TimestampFormat = "HH:mm:ss ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
