using LoptCluster.Deploy.Tests.Kubernetes;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>The dashboard of comparisons against a real Prometheus that scraped a real one.</summary>
public sealed class ComparisonDashboardTests(MonitoredComparison comparison) : IClassFixture<MonitoredComparison>
{
    private static readonly Dashboard Shown = Dashboard.Named(Dashboard.Comparison);

    [Fact]
    public async Task Queries_AllReturnData() =>
        Assert.Empty(await comparison.Prometheus.EmptyQueriesAsync(Shown, await RunIdAsync()));

    [Fact]
    public async Task Overrides_NameCurvesThatExist() => Assert.Empty(await comparison.Prometheus.UnknownOverridesAsync(Shown));

    [Fact]
    public async Task RunChooser_ShowsThePresetOfTheTasks()
    {
        var variable = Shown.Variables.Single(v => v.Text("name") == "run");
        string id = await RunIdAsync();
        Assert.Equal([($"mixture {id[..6]}", id)], await RunChooser.ChoicesAsync(comparison.Prometheus, variable));
    }

    /// <summary>No outer-update is planned in a comparison.</summary>
    [Fact]
    public async Task Progress_OnTheDashboardOfOuterTraining_IsThatOfTheInnerTrainings()
    {
        var query = Dashboard.Named("outer-training").Queries.Single(q => q.Where.Contains("\"Progress\"", StringComparison.Ordinal));
        string progress = DashboardData.Fill(query.Expression, await RunIdAsync());
        Assert.True(await comparison.Prometheus.HasDataAsync($"{progress} > 0", query.Instant));
    }

    private async Task<string> RunIdAsync() => Assert.Single(await comparison.Prometheus.LabelValuesAsync("run_id", "lopt_run_info"));
}
