using LoptCluster.Shared.Instruments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LoptCluster.Hosting.Telemetry;

/// <summary>
/// Export of metrics and traces: /metrics for Prometheus, and OTLP if the environment names an endpoint (OTEL_EXPORTER_OTLP_ENDPOINT).
/// </summary>
public static class ProgramTelemetry
{
    private const string Runtime = "System.Runtime";

    /// <summary>Whether an OTLP endpoint is configured, for all signals or for one.</summary>
    public static bool HasOtlp =>
        IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") || IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");

    /// <summary>Adds the exporters, unless neither Prometheus nor OTLP is used.</summary>
    /// <param name="service">Resource attribute service.name, unless OTEL_SERVICE_NAME overrides it.</param>
    /// <param name="instance">Resource attribute service.instance.id of the process.</param>
    /// <param name="prometheus">Whether a /metrics endpoint will be mapped.</param>
    /// <param name="meters">Meters to export: our own and those of the framework.</param>
    /// <param name="sources">Activity sources to export.</param>
    public static IServiceCollection AddProgramTelemetry(
        this IServiceCollection services, string service, string instance, bool prometheus, string[] meters, string[] sources)
    {
        if (!prometheus && !HasOtlp) return services;
        var telemetry = services.AddMetrics().AddSingleton<ProcessMetrics>().AddOpenTelemetry()
            .ConfigureResource(
                r => r.Clear().AddService(service, serviceInstanceId: instance).AddTelemetrySdk().AddEnvironmentVariableDetector())
            .WithMetrics(m =>
            {
                m.AddMeter([Runtime, InstrumentNames.ProcessMeter, .. meters]);
                if (prometheus) m.AddPrometheusExporter();
                if (HasOtlp) m.AddOtlpExporter();
            });
        if (HasOtlp) telemetry.WithTracing(t => t.AddSource(sources).AddOtlpExporter());
        return services;
    }

    /// <summary>Creates the exporters and gauges before any instrument is used.</summary>
    public static void Start(IServiceProvider services)
    {
        services.GetService<MeterProvider>();
        services.GetService<TracerProvider>();
        services.GetService<ProcessMetrics>();
    }

    /// <summary>Maps the endpoint that Prometheus reads.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint("/metrics");

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
