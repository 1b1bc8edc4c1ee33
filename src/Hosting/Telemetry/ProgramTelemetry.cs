using LoptCluster.Shared.Instruments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LoptCluster.Hosting.Telemetry;

/// <summary>Where instruments and traces go: /metrics for Prometheus, and OTLP where the environment names an endpoint (OTEL_EXPORTER_OTLP_ENDPOINT).</summary>
public static class ProgramTelemetry
{
    private const string Runtime = "System.Runtime";

    /// <summary>An OTLP endpoint is configured, for all signals or for one.</summary>
    public static bool HasOtlp => new[] { "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" }
        .Any(v => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(v)));

    /// <param name="service">service.name, unless OTEL_SERVICE_NAME says otherwise.</param>
    /// <param name="instance">service.instance.id.</param>
    /// <param name="prometheus">A /metrics endpoint will be mapped.</param>
    /// <param name="meters">Our meters, and the framework's that are wanted.</param>
    /// <param name="sources">Our activity sources.</param>
    public static IServiceCollection AddProgramTelemetry(
        this IServiceCollection services, string service, string instance, bool prometheus, string[] meters, string[] sources)
    {
        if (!prometheus && !HasOtlp) return services;
        var telemetry = services.AddMetrics().AddSingleton<ProcessMetrics>().AddOpenTelemetry()
            .ConfigureResource(r => r.Clear().AddService(service, serviceInstanceId: instance).AddTelemetrySdk().AddEnvironmentVariableDetector())
            .WithMetrics(m =>
            {
                m.AddMeter([Runtime, InstrumentNames.ProcessMeter, .. meters]);
                if (prometheus) m.AddPrometheusExporter();
                if (HasOtlp) m.AddOtlpExporter();
            });
        if (HasOtlp) telemetry.WithTracing(t => t.AddSource(sources).AddOtlpExporter());
        return services;
    }

    /// <summary>Begins to listen, before any instrument is written.</summary>
    public static void Start(IServiceProvider services)
    {
        services.GetService<MeterProvider>();
        services.GetService<TracerProvider>();
        services.GetService<ProcessMetrics>();
    }

    /// <summary>Maps the endpoint that Prometheus reads.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) => routes.MapPrometheusScrapingEndpoint("/metrics");
}
