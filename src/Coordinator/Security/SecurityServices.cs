using LoptCluster.Hosting.Credentials;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Security;

/// <summary>Registers roles, their tokens and the certificate.</summary>
internal static class SecurityServices
{
    /// <param name="services">The services.</param>
    /// <param name="tokens">The tokens that are accepted.</param>
    /// <param name="tls">The certificate; null: plain http.</param>
    public static IServiceCollection AddSecurity(this IServiceCollection services, TokenRegister tokens, ServerTls? tls)
    {
        services.AddSingleton(tokens).AddSingleton<IReloaded>(tokens).AddHostedService<CredentialWatch>();
        if (tls is not null) services.AddSingleton(tls).AddSingleton<IReloaded>(tls).AddSingleton<CertificateGauge>();
        services.AddAuthentication(TokenAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Roles.Worker, p => p.RequireRole(Roles.Worker))
            .AddPolicy(Roles.Reader, p => p.RequireRole(Roles.Reader))
            .AddPolicy(Roles.Operator, p => p.RequireRole(Roles.Operator));
        return services;
    }
}
