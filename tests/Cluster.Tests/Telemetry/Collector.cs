using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Cluster.Tests.Telemetry;

/// <summary>Takes what programs export over OTLP (http/protobuf).</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    public ConcurrentBag<Span> Spans { get; } = [];

    /// <summary>Exports of metrics, raw.</summary>
    public ConcurrentBag<byte[]> Metrics { get; } = [];

    /// <summary>What a program needs to send everything here, soon.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector._app.MapPost("/v1/traces", async request =>
        {
            foreach (var span in ExportTraceServiceRequest.Parser.ParseFrom(await BodyAsync(request)).ResourceSpans
                .SelectMany(r => r.ScopeSpans).SelectMany(s => s.Spans))
                collector.Spans.Add(span);
        });
        collector._app.MapPost("/v1/metrics", async request => collector.Metrics.Add(await BodyAsync(request)));
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<byte[]> BodyAsync(HttpContext request)
    {
        using var body = new MemoryStream();
        await request.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
