using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LoptCluster.Coordinator.Security;

/// <summary><c>authorization: Bearer TOKEN</c> against the token of each role, in constant time.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CoordinatorTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "token";
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Without any token configured every caller has every role; CoordinatorListeners decides on which addresses that is allowed.
        if (!tokens.Any) return Granted(Roles.Worker, Roles.Reader, Roles.Operator);
        string? header = Request.Headers.Authorization;
        if (header is null) return Task.FromResult(AuthenticateResult.NoResult());
        string token = header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim() : "";
        bool worker = Matches(token, tokens.Worker), reader = Matches(token, tokens.Reader), operates = Matches(token, tokens.Operator);
        string[] roles = [.. Named(worker, Roles.Worker), .. Named(reader || operates, Roles.Reader), .. Named(operates, Roles.Operator)];
        return roles.Length > 0 ? Granted(roles) : Task.FromResult(AuthenticateResult.Fail("unknown token"));
    }

    private static IEnumerable<string> Named(bool granted, string role) => granted ? [role] : [];

    /// <summary>Compares hashes, so that neither length nor prefix can be timed.</summary>
    private static bool Matches(string given, string? expected) =>
        expected is not null
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    private Task<AuthenticateResult> Granted(params string[] roles)
    {
        var identity = new ClaimsIdentity(roles.Select(r => new Claim(ClaimTypes.Role, r)), SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }
}

internal static class TokenAuthenticationServices
{
    public static IServiceCollection AddRoles(this IServiceCollection services, CoordinatorTokens tokens)
    {
        services.AddSingleton(tokens);
        services.AddAuthentication(TokenAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Roles.Worker, p => p.RequireRole(Roles.Worker))
            .AddPolicy(Roles.Reader, p => p.RequireRole(Roles.Reader))
            .AddPolicy(Roles.Operator, p => p.RequireRole(Roles.Operator));
        return services;
    }
}
