using System.Net;
using LoptCluster.Coordinator.Security;
using Microsoft.AspNetCore.Http;

namespace LoptCluster.Coordinator.Web;

/// <summary>Keeps other sites' pages from using a reader's browser against the coordinator.</summary>
/// <remarks>
/// No cookies are used, so where tokens are configured no foreign page has one to send. Without tokens the browser's place in the network
/// is the right to act: a foreign page must not send commands (cross-site request), nor come in under its own name (DNS rebinding).
/// Programs that send no Origin are let through.
/// </remarks>
internal sealed class RequestGuard(CoordinatorTokens tokens)
{
    public RequestDelegate Around(RequestDelegate handler) => context => Fault(context.Request) is { } fault
        ? Answers.RefuseAsync(context, StatusCodes.Status403Forbidden, fault)
        : handler(context);

    /// <summary>What is wrong with where a request comes from, or null.</summary>
    public string? Fault(HttpRequest request)
    {
        if (!tokens.Any && !IsOwnName(request.Host.Host))
            return $"The coordinator has no tokens and does not answer to the name '{request.Host.Host}'. Open the page by IP address or "
                + $"localhost, or configure tokens.";
        return HttpMethods.IsGet(request.Method) || IsSameSite(request)
            ? null
            : "This request comes from another site's page. Use the buttons of the coordinator's own page.";
    }

    /// <summary>Names that no stranger can own: addresses, localhost, a network's own one-label and cluster names.</summary>
    private static bool IsOwnName(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out _)
        || !host.Contains('.')
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".svc", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase);

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
