using System.Text.RegularExpressions;
using LoptCluster.Deploy.Tests.Kubernetes;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>Every query of every dashboard and rule against a real Prometheus that scraped a real run: none may be without data.</summary>
public sealed partial class RealRunTests(MonitoredRun run) : IClassFixture<MonitoredRun>
{
    public static TheoryData<string> Dashboards => DashboardTests.OfTraining;

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Queries_OfADashboard_AllReturnData(string name)
    {
        string runId = Assert.Single(await run.Prometheus.LabelValuesAsync("run_id", "lopt_run_info"));
        var empty = await run.Prometheus.EmptyQueriesAsync(Dashboard.Named(name), runId);
        Assert.True(empty.Count == 0, string.Join('\n', empty));
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Variables_OfADashboard_HaveValues(string name)
    {
        foreach (var variable in Dashboard.Named(name).Variables.Where(v => v.Text("type") == "query"))
            Assert.NotEmpty(await RunChooser.ChoicesAsync(run.Prometheus, variable));
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task RunChooser_OfARun_ShowsItsPreset(string name)
    {
        var variable = Dashboard.Named(name).Variables.Single(v => v.Text("name") == "run");
        var (text, id) = Assert.Single(await RunChooser.ChoicesAsync(run.Prometheus, variable));
        Assert.Equal($"quickstart {id[..6]}", text);
    }

    [Fact]
    public async Task RunChooser_OfTheComparisonDashboard_DoesNotOfferARunThatTrains()
    {
        var variable = Dashboard.Named(Dashboard.Comparison).Variables.Single(v => v.Text("name") == "run");
        Assert.Empty(await RunChooser.ChoicesAsync(run.Prometheus, variable));
    }

    /// <summary>A colour for a curve that is never there is a name that changed.</summary>
    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Overrides_OfADashboard_NameCurvesThatExist(string name)
    {
        Assert.Empty(await run.Prometheus.UnknownOverridesAsync(Dashboard.Named(name)));
    }

    [Fact]
    public async Task Metrics_NamedInDashboardsAndRules_AreServed()
    {
        var served = (await run.Prometheus.LabelValuesAsync("__name__")).ToHashSet();
        // The run trains: those of comparisons are in ComparisonDashboardTests.
        Assert.DoesNotContain(MetricNames.Used, n => !served.Contains(n) && !n.StartsWith("lopt_comparison_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rules_Recording_ProduceSeries()
    {
        Assert.Empty(await run.Prometheus.RuleErrorsAsync());
        foreach (var rule in AlertRules.All.Where(r => !r.IsAlert))
            Assert.True(await run.Prometheus.HasDataAsync(rule.Name), rule.Name);
    }

    /// <summary>
    /// An alert that is quiet gives nothing. With its comparisons made to answer 0 or 1 it must give something: then its series exist and
    /// its joins fit.
    /// </summary>
    [Fact]
    public async Task Rules_AlertsWithComparisonsOpened_MatchRealSeries()
    {
        var empty = new List<string>();
        foreach (var alert in AlertRules.Alerts)
        {
            // The run is younger than a quarter of an hour. What silences an alert is left out: opened, it would always do so.
            string opened = Comparison().Replace(Silence().Replace(alert.Expression, ""), "$1 bool ")
                .Replace("offset 15m", "offset 5s", StringComparison.Ordinal);
            if (!await run.Prometheus.HasDataAsync(opened)) empty.Add($"{alert.Name}: {opened}");
        }

        Assert.True(empty.Count == 0, string.Join('\n', empty));
    }

    /// <summary>
    /// Workers stopped and killed, wrong Hellos, the coordinator away, a certificate near its end: told by those alerts that are for it
    /// (none waits here), in words that are filled in.
    /// </summary>
    [Theory]
    [InlineData("LoptWorkerScrapeDown")]
    [InlineData("LoptRefusalsRising")]
    [InlineData("LoptCoordinatorDown")]
    [InlineData("LoptCertificateExpires")]
    public async Task Alerts_WhatHappenedToTheRun_Fired(string alert)
    {
        Assert.True(await run.Prometheus.HasDataAsync($$"""ALERTS{alertname="{{alert}}",alertstate="firing"}"""));
        var texts = (await run.Prometheus.AlertsAsync()).SelectMany(a => a.Map("annotations").Values).ToList();
        Assert.NotEmpty(texts);
        Assert.All(texts, t => Assert.DoesNotMatch(@"\{\{|<error|<no value>", t));
    }

    [Theory]
    [InlineData("lopt_workers_left_total")]
    [InlineData("lopt_workers_lost_total")]
    [InlineData("lopt_workers_returned_total")]
    [InlineData("lopt_states_handed_back_total")]
    [InlineData("lopt_worker_replays_total")]
    [InlineData("""lopt_refusals_total{reason="wrong_engine_version"}""")]
    public async Task Counters_OfWhatHappenedToTheRun_CountedIt(string series) =>
        Assert.True(await run.Prometheus.HasDataAsync($"max_over_time({series}[5m]) > 0"));

    /// <summary>An "unless" that begins a line, with what is indented below it.</summary>
    [GeneratedRegex(@"(?m)^( *)unless .*\n(\1 +.*\n)*")]
    private static partial Regex Silence();

    /// <summary>A comparison of values; those of labels have no space before them.</summary>
    [GeneratedRegex(@"(?<= )(==|>=|<=|>|<) ")]
    private static partial Regex Comparison();
}
