using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Hosting;

/// <summary>Web hosts that obey the program's options alone.</summary>
public static class ProgramWebHost
{
    /// <summary>
    /// A builder that neither reads nor watches an appsettings.json of the current folder, and that no Kestrel or ASPNETCORE_ setting can
    /// make open a port beside those of the options.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string? name)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = name });
        // The exporters read their OTEL_… variables from the configuration.
        builder.Configuration.AddEnvironmentVariables();
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        return builder;
    }
}
