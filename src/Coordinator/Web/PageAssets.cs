using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;

namespace LoptCluster.Coordinator.Web;

/// <summary>Serves the page's files, embedded in the assembly: nothing is installed beside it or loaded from another host.</summary>
internal static class PageAssets
{
    private const string Folder = "/assets";

    public static IServiceCollection AddPageAssets(this IServiceCollection services) => services.AddResponseCompression(compression =>
    {
        compression.EnableForHttps = true; // The files hold nothing secret.
        compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml"];
    });

    /// <param name="endpoints">Where the page is mapped, with its files below.</param>
    /// <param name="page">File of the page itself.</param>
    public static void MapPageAssets(this IEndpointRouteBuilder endpoints, string page)
    {
        var files = Files(endpoints.CreateApplicationBuilder());
        Map("/", context =>
        {
            // The page names its files and data relative to itself.
            if (!context.Request.Path.Value!.EndsWith('/'))
            {
                context.Response.Redirect($"{context.Request.PathBase}{context.Request.Path}/");
                return Task.CompletedTask;
            }

            return Send(context, page);
        });
        Map($"{Folder}/{{**path}}", context => Send(context, $"{context.GetRouteValue("path")}"));

        Task Send(HttpContext context, string file)
        {
            context.Request.Path = $"{Folder}/{file}";
            return files(context);
        }

        void Map(string path, RequestDelegate handler) => endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], handler);
    }

    private static RequestDelegate Files(IApplicationBuilder pipeline) => pipeline
        .Use(next => context =>
        {
            context.SetEndpoint(null); // The static files are only served to a request that no endpoint has taken.
            return next(context);
        })
        .UseResponseCompression()
        .UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new EmbeddedFileProvider(typeof(PageAssets).Assembly, $"{typeof(PageAssets).Namespace}.Assets"),
            RequestPath = Folder,
            ServeUnknownFileTypes = true, // LICENSE
            DefaultContentType = "text/plain; charset=utf-8",
            OnPrepareResponse = file =>
            {
                PageHeaders.Secure(file.Context.Response, drawsPlots: file.File.Name.EndsWith("study.html", StringComparison.Ordinal));
                file.Context.Response.Headers.CacheControl = "no-cache"; // Asked for each time, so that a new release shows at once.
            },
        })
        .Build();
}
