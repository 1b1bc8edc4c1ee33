using System.Collections;
using LoptCluster.Hosting.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LoptCluster.Hosting;

/// <summary>Web hosts that obey the program's options alone.</summary>
public static class ProgramWebHost
{
    /// <summary>
    /// A builder that neither reads nor watches an appsettings.json of the current folder, and that no setting of the environment, be it
    /// Kestrel's, ASPNETCORE_'s or one without a prefix (URLS, PREFERHOSTINGURLS), can make open other ports than those of the options.
    /// </summary>
    /// <remarks>The program registers its clock and its <see cref="ListenerSet"/>, without which no port opens.</remarks>
    /// <param name="name">Name of the program's assembly.</param>
    /// <param name="bounds">Connections that it holds at most.</param>
    public static WebApplicationBuilder CreateBuilder(string? name, ConnectionBounds bounds)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = name });
        // The exporters read their OTEL_… variables from the configuration; hosts would read all others.
        builder.Configuration.AddInMemoryCollection(
            Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value))
                .Where(v => v.Key.StartsWith("OTEL_", StringComparison.Ordinal)));
        builder.WebHost.UseKestrelCore();
        builder.Services.RemoveAll<IConnectionListenerFactory>()
            .AddSingleton(bounds)
            .AddSingleton<SocketTransportFactory>()
            .AddSingleton<IConnectionListenerFactory, BoundedListenerFactory>();
        builder.Services.AddRouting();
        return builder;
    }
}
