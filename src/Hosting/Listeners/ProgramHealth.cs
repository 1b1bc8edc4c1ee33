using LoptCluster.Hosting.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Hosting.Listeners;

/// <summary>Two questions about a program, asked over gRPC (grpc.health.v1) by probes: is it alive, is it ready.</summary>
public static class ProgramHealth
{
    /// <summary>Service name of "alive": restart it when it is not.</summary>
    public const string Alive = "";

    /// <summary>Service name of "ready": send it work.</summary>
    public const string Ready = "ready";

    /// <summary>Adds the checks under both names.</summary>
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

    /// <summary>The gRPC health service on <paramref name="listeners"/>, and /healthz (200 or 503: alive) on the web port.</summary>
    public static void MapProgramHealth(this IEndpointRouteBuilder routes, params Listener[] listeners)
    {
        routes.MapGrpcHealthChecksService().On(listeners);
        routes.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(nameof(Alive)) }).On(Listener.Web);
    }
}
