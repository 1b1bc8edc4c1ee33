using LoptCluster.Coordinator.OuterTraining;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Shared.Instruments;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>The coordinator's instruments and where they go.</summary>
internal static class CoordinatorTelemetry
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    public static IServiceCollection AddCoordinatorTelemetry(this IServiceCollection services, RunContext run, bool prometheus) => services
        .AddProgramTelemetry(
            "lopt-coordinator", run.RunId, prometheus, [InstrumentNames.CoordinatorMeter, Kestrel], [InstrumentNames.CoordinatorSource])
        .AddMetrics()
        .AddSingleton<CoordinatorMetrics>()
        .AddSingleton<CoordinatorGauges>()
        .AddSingleton<SampleTraces>();
}
