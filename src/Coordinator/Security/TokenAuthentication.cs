using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LoptCluster.Coordinator.Security;

/// <summary><c>authorization: Bearer TOKEN</c> against the tokens of each role.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenRegister tokens)
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
        var roles = tokens.RolesOf(token);
        return roles.Count > 0 ? Granted([.. roles]) : Task.FromResult(AuthenticateResult.Fail("unknown token"));
    }

    private Task<AuthenticateResult> Granted(params string[] roles)
    {
        var identity = new ClaimsIdentity(roles.Select(r => new Claim(ClaimTypes.Role, r)), SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }
}
