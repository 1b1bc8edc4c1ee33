using LoptCluster.Hosting.Credentials;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Security;

/// <summary>Registers roles, their tokens and the certificate.</summary>
internal static class SecurityServices
{
    /// <exception cref="Shared.UserErrorException">A token cannot be read or used, or two roles have the same.</exception>
    public static IServiceCollection AddSecurity(this IServiceCollection services, CoordinatorTokens tokens, ServerTls? tls)
    {
        var register = new TokenRegister(tokens);
        services.AddSingleton(tokens).AddSingleton(register).AddSingleton<IReloaded>(register).AddHostedService<CredentialWatch>();
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
