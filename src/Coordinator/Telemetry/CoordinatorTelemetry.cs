using LoptCluster.Coordinator.Run;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Shared.Instruments;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>Registers the coordinator's instruments and their exporters.</summary>
internal static class CoordinatorTelemetry
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    public static IServiceCollection AddCoordinatorTelemetry(this IServiceCollection services, RunContext run, bool prometheus) => services
        .AddProgramTelemetry(
            "lopt-coordinator", run.RunId, prometheus, [InstrumentNames.CoordinatorMeter, Kestrel], [InstrumentNames.CoordinatorSource])
        .AddSingleton<CoordinatorGauges>()
        .AddCoordinatorInstruments();

    /// <summary>The instruments alone: nothing reads them until somebody listens.</summary>
    internal static IServiceCollection AddCoordinatorInstruments(this IServiceCollection services) => services
        .AddMetrics()
        .AddSingleton<CoordinatorMetrics>()
        .AddSingleton<SampleTraces>();
}
