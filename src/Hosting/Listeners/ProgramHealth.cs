using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Hosting.Listeners;

/// <summary>Health of a program for probes over gRPC (grpc.health.v1): whether it is alive, and whether it is ready.</summary>
public static class ProgramHealth
{
    /// <summary>Service name of liveness: restart the program if it fails.</summary>
    public const string Alive = "";

    /// <summary>Service name of readiness: send no work while it fails.</summary>
    public const string Ready = "ready";

    /// <summary>Registers a liveness check and a readiness check.</summary>
    public static IServiceCollection AddProgramHealth<TAlive, TReady>(this IServiceCollection services)
        where TAlive : class, IHealthCheck
        where TReady : class, IHealthCheck
    {
        services.AddGrpc();
        services.AddGrpcHealthChecks(o =>
        {
            o.Services.Map(Alive, check => check.Tags.Contains(nameof(Alive)));
            o.Services.Map(Ready, check => check.Tags.Contains(nameof(Ready)));
        })
            .AddCheck<TAlive>("alive", tags: [nameof(Alive)])
            .AddCheck<TReady>("ready", tags: [nameof(Ready)]);
        return services;
    }

    /// <summary>
    /// Maps the gRPC health service on <paramref name="listeners"/>, and /healthz (200 if alive, else 503) on the web port.
    /// </summary>
    public static void MapProgramHealth(this IEndpointRouteBuilder routes, params Listener[] listeners)
    {
        routes.MapGrpcHealthChecksService().On(listeners);
        routes.MapHealthChecks(
            "/healthz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(nameof(Alive)) }).On(Listener.Web);
    }
}
