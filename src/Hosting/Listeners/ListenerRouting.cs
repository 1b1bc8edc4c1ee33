using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LoptCluster.Hosting.Listeners;

/// <summary>Assignment of endpoints to ports.</summary>
public static class ListenerRouting
{
    /// <summary>Restricts the endpoint to these ports.</summary>
    public static TBuilder On<TBuilder>(this TBuilder endpoint, params Listener[] kinds)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Ports(kinds));

    /// <summary>Responds with 404 to requests for an endpoint of another port; must follow routing.</summary>
    public static IApplicationBuilder UseListeners(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var ports = context.GetEndpoint()?.Metadata.GetMetadata<Ports>();
        if (ports is null || (context.Features.Get<ListenerFeature>() is { } feature && ports.Kinds.Contains(feature.Kind)))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>Runs a middleware on requests that came in through one port.</summary>
    public static IApplicationBuilder UseOn(
        this IApplicationBuilder app, Listener kind, Func<HttpContext, RequestDelegate, Task> middleware) =>
        app.Use((context, next) =>
            context.Features.Get<ListenerFeature>()?.Kind == kind ? middleware(context, next) : next(context));

    private sealed record Ports(Listener[] Kinds);
}
