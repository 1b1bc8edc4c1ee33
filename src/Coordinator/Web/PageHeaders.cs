using Microsoft.AspNetCore.Http;

namespace LoptCluster.Coordinator.Web;

/// <summary>Security headers of the page: it loads from its own host alone, runs no inline script, and cannot be framed.</summary>
internal static class PageHeaders
{
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action "
            + "'none'; frame-ancestors 'none'";

    /// <summary>Of the page that compares runs: its plots, made here, carry their styles with them.</summary>
    public static readonly string ContentSecurityPolicyOfPlots = ContentSecurityPolicy.Replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal);

    /// <param name="response">The response.</param>
    /// <param name="drawsPlots">The page shows plots that carry their styles with them.</param>
    public static void Secure(HttpResponse response, bool drawsPlots = false)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = drawsPlots ? ContentSecurityPolicyOfPlots : ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>Headers of the run's data, which no cache may keep.</summary>
    public static void Private(HttpResponse response)
    {
        Secure(response);
        response.Headers.CacheControl = "no-store";
    }
}
