using System.Diagnostics;
using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Estimation;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests.Telemetry;

/// <summary>docs/METRICS.md against what real processes serve: every name, type, label and meaning.</summary>
public sealed class MetricsDocumentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task MetricsDocument_ListsExactlyWhatIsServed()
    {
        using var fleet = new Fleet("evaluateEveryUpdates=20", "evaluationTasks=1");
        var coordinator = await fleet.StartCoordinatorAsync("--web", "127.0.0.1:0");
        var page = await coordinator.UrlAsync("page on ");
        var worker = fleet.StartWorker(1, "--metrics", "127.0.0.1:0");
        var workersPage = await worker.UrlAsync("metrics on ");
        await fleet.StatusAsync(s => s.OuterUpdate >= 25 && s.BestVersion >= 0 && s.State == RunState.Running);

        await CompareAsync("Coordinator", page);
        await CompareAsync("Worker", workersPage);
    }

    private static async Task CompareAsync(string section, Uri server)
    {
        string[] documented = Documented(section), served = [];
        // A metric appears with its first value: those of evaluations and heartbeats some time after the run's state.
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(100))
        {
            served = await ServedAsync(server);
            if (served.SequenceEqual(documented)) break;
        }

        Assert.NotEmpty(served);
        Assert.Equal(served, documented);
    }

    private static async Task<string[]> ServedAsync(Uri server)
    {
        var families = MetricsPage.Parse(await Http.GetStringAsync(new Uri(server, "/metrics")));
        return [.. families.Values
            .Where(f => f.Name.StartsWith("lopt_", StringComparison.Ordinal)).Select(Row).Order(StringComparer.Ordinal)];
    }

    internal static string Row(MetricFamily f) =>
        $"| `{f.Name}` | {f.Type} | {string.Join(", ", f.Labels.Order(StringComparer.Ordinal).Select(l => $"`{l}`"))} | {f.Help} |";

    private static string[] Documented(string section)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("docs/METRICS.md"));
        // The run of this test trains, computes g_rp and g_es, and trains a network; its coordinator has no certificate.
        string[] others =
        [
            "| `lopt_comparison_", "| `lopt_hyper_parameter` |", "| `lopt_tls_certificate_expiry_seconds` |",
            .. EstimatorRegistry.Computed.Except([EstimatorId.Rp, EstimatorId.Es]).Select(e => $"_{e}` |"),
        ];
        return [.. lines.SkipWhile(l => l != $"## {section}").Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal)).Where(
            l => l.StartsWith("| `lopt_", StringComparison.Ordinal) && !others.Any(l.Contains)).Order(StringComparer.Ordinal)];
    }
}
