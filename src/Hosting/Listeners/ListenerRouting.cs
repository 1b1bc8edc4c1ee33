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

    private sealed record Ports(Listener[] Kinds);
}
