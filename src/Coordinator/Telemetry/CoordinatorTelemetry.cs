using LoptCluster.Coordinator.Run;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Shared.Instruments;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>Registers the coordinator's instruments and their exporters.</summary>
internal static class CoordinatorTelemetry
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    public static IServiceCollection AddCoordinatorTelemetry(this IServiceCollection services, string instance, bool prometheus) => services
        .AddProgramTelemetry(
            "lopt-coordinator", instance, prometheus, [InstrumentNames.CoordinatorMeter, Kestrel], [InstrumentNames.CoordinatorSource])
        .AddMetrics();

    /// <summary>The instruments of a run alone: nothing reads them until somebody listens.</summary>
    internal static IServiceCollection AddCoordinatorInstruments(this IServiceCollection services, string run = "") => services
        .AddMetrics()
        .AddSingleton(new RunTag(run))
        .AddSingleton<CoordinatorMetrics>()
        .AddSingleton<SampleTraces>();
}
