using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LoptCluster.Coordinator.Web;

/// <summary>The files of the page, embedded in the assembly: nothing to install beside it, no other host asked for anything.</summary>
internal sealed class PageAssets
{
    private const string Prefix = "page/";
    private const string Index = "index.html";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [""] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, Asset> _assets;

    public PageAssets()
    {
        var assembly = typeof(PageAssets).Assembly;
        _assets = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(
                name => name[Prefix.Length..].Replace('\\', '/'),
                name => Asset.Of(name, assembly.GetManifestResourceStream(name)!),
                StringComparer.Ordinal);
    }

    public Task IndexAsync(HttpContext context) => SendAsync(context, _assets[Index]);

    public Task AssetAsync(HttpContext context)
    {
        if (_assets.TryGetValue((string?)context.GetRouteValue("path") ?? "", out var asset)) return SendAsync(context, asset);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static async Task SendAsync(HttpContext context, Asset asset)
    {
        bool zipped = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        var (response, etag) = (context.Response, zipped ? $"\"{asset.Hash}-gzip\"" : $"\"{asset.Hash}\"");
        PageHeaders.Secure(response);
        // Asked for each time, sent only when it changed: a new release shows at once.
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = etag;
        response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(etag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        byte[] body = zipped ? asset.Zipped : asset.Plain;
        response.ContentType = asset.ContentType;
        response.ContentLength = body.Length;
        if (zipped) response.Headers.ContentEncoding = "gzip";
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private sealed record Asset(byte[] Plain, byte[] Zipped, string ContentType, string Hash)
    {
        public static Asset Of(string name, Stream content)
        {
            using var plain = new MemoryStream();
            using (content) content.CopyTo(plain);
            using var zipped = new MemoryStream();
            using (var zip = new GZipStream(zipped, CompressionLevel.SmallestSize)) zip.Write(plain.ToArray());
            return new Asset(
                plain.ToArray(),
                zipped.ToArray(),
                Types[Path.GetExtension(name)],
                Convert.ToHexStringLower(SHA256.HashData(plain.ToArray()))[..16]);
        }
    }
}
