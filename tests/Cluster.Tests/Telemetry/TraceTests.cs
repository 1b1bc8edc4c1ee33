using System.Text;
using System.Text.Json;
using LoptCluster.ClusterTestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests.Telemetry;

public sealed class TraceTests
{
    [Fact]
    public async Task Otlp_ASamplesWay_IsTracedFromWorkerToPublishedThetaAndNamedInTheLog()
    {
        await using var collector = await Collector.StartAsync();
        using var fleet = new Fleet("outerUpdates=5", "evaluateEveryUpdates=0") { Environment = collector.Environment };
        var coordinator = await fleet.StartCoordinatorAsync("--log-format", "json", "--verbose");
        fleet.StartWorker();
        await fleet.UpdateAsync(5);
        string logged = await coordinator.LineAsync("Outer-update 5:");
        Assert.Equal(0, await coordinator.TerminateAsync());

        var spans = await UntilAsync(() => collector.Spans.ToArray(), all => all.Any(s => s.Name == "publish" && Way(all, s)));
        Assert.True(spans.Any(s => s.Name == "publish" && Way(spans, s)), string.Join(", ", spans.CountBy(s => s.Name)));

        using var line = JsonDocument.Parse(logged);
        string trace = line.RootElement.GetProperty("Scopes").EnumerateArray().Single(
            s => s.TryGetProperty("TraceId", out _)).GetProperty("TraceId").GetString()!;
        Assert.Contains(spans, s => s.Name == "merge" && Convert.ToHexStringLower(s.TraceId.Span) == trace);
        Assert.Contains(collector.Metrics, m => Encoding.UTF8.GetString(m).Contains("lopt.outer_updates", StringComparison.Ordinal));
        Assert.Contains(collector.Metrics, m => Encoding.UTF8.GetString(m).Contains("lopt.worker.inner_steps", StringComparison.Ordinal));
    }

    /// <summary>
    /// The whole way back from a published θ: its merge, the queue span of each of the four samples, and the worker's spans of each.
    /// </summary>
    private static bool Way(Span[] all, Span publish) =>
        all.SingleOrDefault(s => s.Name == "merge" && s.SpanId == publish.ParentSpanId) is { Links.Count: 4 } merge
        && merge.Links.All(link =>
            all.SingleOrDefault(s => s.Name == "queue" && s.SpanId == link.SpanId) is { } queue
            && all.SingleOrDefault(s => s.Name == "sample" && s.SpanId == queue.ParentSpanId && s.TraceId == queue.TraceId) is { } sample
            && all.Any(s => s.Name == "unroll" && s.ParentSpanId == sample.SpanId));

    private static async Task<T> UntilAsync<T>(Func<T> read, Func<T, bool> wanted)
    {
        for (int i = 0; i < 300; i++)
        {
            var value = read();
            if (wanted(value)) return value;
            await Task.Delay(100);
        }

        return read();
    }
}
