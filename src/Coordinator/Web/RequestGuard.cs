using System.Net;
using LoptCluster.Coordinator.Security;
using Microsoft.AspNetCore.Http;

namespace LoptCluster.Coordinator.Web;

/// <summary>Keeps other sites' pages from using a reader's browser against the coordinator.</summary>
/// <remarks>
/// No cookies are used, so where tokens are configured no foreign page has one to send. Without tokens the browser's place in the network
/// is the right to act: a foreign page must not send commands (cross-site request), nor come in under its own name (DNS rebinding), be it
/// one that only the local network knows. Programs that send no Origin are let through.
/// </remarks>
internal sealed class RequestGuard(TokenRegister tokens, CoordinatorOptions options)
{
    private readonly HashSet<string> _allowed = new(options.AllowedHosts.Select(Bare), StringComparer.OrdinalIgnoreCase);

    public Task CheckAsync(HttpContext context, RequestDelegate next) => Fault(context.Request) is { } fault
        ? Answers.RefuseAsync(context, StatusCodes.Status403Forbidden, fault)
        : next(context);

    /// <summary>What is wrong with where a request comes from, or null.</summary>
    public string? Fault(HttpRequest request)
    {
        if (!tokens.Any && !IsOwnName(Bare(request.Host.Host)))
            return $"The coordinator has no tokens and does not answer to the name '{request.Host.Host}'. Call it by IP address or "
                + "localhost, start it with --allowed-host and this name, or configure tokens.";
        return HttpMethods.IsGet(request.Method) || IsSameSite(request)
            ? null
            : "This request comes from another site's page. Use the buttons of the coordinator's own page.";
    }

    /// <summary>Names that no stranger can own: addresses, this machine, and those of the options.</summary>
    private bool IsOwnName(string host) =>
        IPAddress.TryParse(host, out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || _allowed.Contains(host);

    private static string Bare(string host) => host.Trim('[', ']').TrimEnd('.');

    private static bool IsSameSite(HttpRequest request)
    {
        // Browsers send it to https and loopback; it also holds behind a proxy that changes the host.
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is "same-origin" or "none";
        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && uri.Authority.Equals(Authority(request), StringComparison.OrdinalIgnoreCase));
    }

    private static string Authority(HttpRequest request) => request.Host.Port is 80 or 443 ? request.Host.Host : request.Host.Value ?? "";
}
