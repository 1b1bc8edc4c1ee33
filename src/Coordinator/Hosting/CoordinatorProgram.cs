using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.OuterTraining;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoptCluster.Coordinator.Hosting;

/// <summary>The coordinator as a program.</summary>
public static class CoordinatorProgram
{
    /// <summary>Runs until it is cancelled, or the run is finished and the options say so. Prints <c>listening on URL</c> once calls are taken.</summary>
    /// <returns>Exit status: 0 after a clean end.</returns>
    /// <exception cref="UserErrorException">Options, folder, certificate or address are not usable.</exception>
    public static async Task<int> RunAsync(CoordinatorOptions options, CancellationToken cancellation)
    {
        await using var app = Build(options);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException e)
        {
            throw new UserErrorException($"--listen {options.Listen} cannot be opened: {e.Message.TrimEnd('.')}. Give another port, or 0 for any.", e);
        }

        await Console.Out.WriteLineAsync($"listening on {Address(app)}");
        await Console.Out.FlushAsync(CancellationToken.None);
        await using var stop = cancellation.Register(app.Lifetime.StopApplication);
        await app.WaitForShutdownAsync(CancellationToken.None);
        if (app.Services.GetRequiredService<RunFailure>().Exception is { } failure) throw new InvalidOperationException("The run loop failed.", failure);
        return 0;
    }

    /// <summary>The address that a started coordinator listens on.</summary>
    internal static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    internal static WebApplication Build(CoordinatorOptions options, TimeProvider? time = null)
    {
        var endpoint = ListenAddress.Parse(options);
        var certificate = Certificate(options);
        var run = RunContext.Open(options);

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(CoordinatorProgram).Assembly.GetName().Name });
        builder.Services.AddSingleton(options).AddSingleton(run).AddSingleton(time ?? TimeProvider.System);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // A cut network must be noticed: the lab's experience is that a stream without pings stays stuck.
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
            kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Listen(endpoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (certificate is not null) listen.UseHttps(certificate);
            });
        });
        if (certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.AddCoordinatorLogging(options.Verbose);
        builder.Services.AddCoordinatorMetrics().AddRoles(options.Tokens).AddOuterTraining().AddThetaServing().AddOperations().AddCoordinatorGrpc();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapCoordinatorServices();
        return app;
    }

    private static X509Certificate2? Certificate(CoordinatorOptions options)
    {
        if (options.TlsCertificateFile is null) return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(options.TlsCertificateFile, options.TlsKeyFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The certificate '{options.TlsCertificateFile}' with key '{options.TlsKeyFile}' cannot be read: {e.Message.TrimEnd('.')}. Both must be PEM files of one pair.", e);
        }
    }
}
