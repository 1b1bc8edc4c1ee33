using System.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Hosting;

/// <summary>Web hosts that obey the program's options alone.</summary>
public static class ProgramWebHost
{
    /// <summary>
    /// A builder that neither reads nor watches an appsettings.json of the current folder, and that no setting of the environment, be it
    /// Kestrel's, ASPNETCORE_'s or one without a prefix (URLS, PREFERHOSTINGURLS), can make open other ports than those of the options.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string? name)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = name });
        // The exporters read their OTEL_… variables from the configuration; hosts would read all others.
        builder.Configuration.AddInMemoryCollection(
            Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value))
                .Where(v => v.Key.StartsWith("OTEL_", StringComparison.Ordinal)));
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        return builder;
    }
}
