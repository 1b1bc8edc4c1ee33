using System.Text.Json.Nodes;
using LoptCluster.ClusterTestKit;
using LoptCluster.Cluster.Tests.Telemetry;
using LoptCluster.Coordinator.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>
/// A comparison by ordinary workers is the one that <c>lopt evaluate</c> makes, whatever happens to the processes meanwhile.
/// </summary>
public sealed class ComparisonTests
{
    private const int Tasks = 8;

    private static readonly string[] Values = [$"comparisonTasks={Tasks}", "innerSteps=900", "curveEverySteps=100"];

    [Fact]
    public async Task Comparison_CoordinatorAndWorkersKilled_ReportsWhatEvaluateReports()
    {
        using var folder = new TemporaryFolder();
        using var fleet = new Fleet(Values);
        string[] compared = ["--evaluate", "theta:mixture-train", "--against", "published", "--exit-when-finished"];
        var coordinator = await fleet.StartCoordinatorAsync([.. compared, "--web", "127.0.0.1:0"]);
        await AssertMetricsAsync(await coordinator.UrlAsync("page on "));
        var workers = new[] { fleet.StartWorker(), fleet.StartWorker() };
        foreach (int tasks in (int[])[1, 3])
        {
            await fleet.StatusAsync(s => s.Comparison.TasksDone >= tasks);
            await workers[0].KillAsync();
            await coordinator.KillAsync();
            workers[0] = fleet.StartWorker();
            coordinator = await fleet.StartCoordinatorAsync(compared);
        }

        Assert.Equal(0, await coordinator.ExitAsync());
        Assert.Contains("The comparison is complete.", coordinator.Output, StringComparison.Ordinal);
        Assert.Equal(Tasks, RecordedComparison.Find(fleet.RunDirectory)!.TasksDone);

        var report = fleet.Start(null, "report", fleet.RunDirectory, "-o", folder.PathOf("fleet"));
        var local = fleet.Start(
            null, ["evaluate", "theta:mixture-train", "--against", "published", .. fleet.Specification, "-o", folder.PathOf("local")]);
        Assert.Equal((0, 0), (await report.ExitAsync(), await local.ExitAsync()));
        var (ofFleet, ofMachine) = (Summary(folder.PathOf("fleet")), Summary(folder.PathOf("local")));
        Assert.Equal(ofMachine.ToJsonString(), ofFleet.ToJsonString());
        Assert.True(File.Exists(folder.PathOf("fleet/report.html")));
    }

    /// <summary>The metrics that a comparison alone has, as docs/METRICS.md lists them.</summary>
    private static async Task AssertMetricsAsync(Uri server)
    {
        using var http = new HttpClient();
        var families = MetricsPage.Parse(await http.GetStringAsync(new Uri(server, "/metrics")));
        string document = File.ReadAllText(Repository.PathOf("docs/METRICS.md"));
        var own = families.Values.Where(f => f.Name.StartsWith("lopt_comparison_", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, own.Count);
        Assert.All(own, f => Assert.Contains(MetricsDocumentTests.Row(f), document, StringComparison.Ordinal));
    }

    /// <summary>A summary without what depends on the machine: seconds.</summary>
    private static JsonNode Summary(string directory)
    {
        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(directory, "summary.json")))!;
        Assert.NotNull(summary["comparison"]!["losses"]!["learned"]);
        summary["wallSeconds"] = null;
        foreach (string timed in (string[])["stepSeconds", "against"]) summary["comparison"]![timed] = null;
        return summary;
    }
}
