using System.Text.RegularExpressions;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.Shared.Instruments;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>Every query of every dashboard and rule against a real Prometheus that scraped a real run: none may be without data.</summary>
public sealed partial class RealRunTests(MonitoredRun run) : IClassFixture<MonitoredRun>
{
    public static TheoryData<string> Dashboards => DashboardTests.Names;

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Queries_OfADashboard_AllReturnData(string name)
    {
        string runId = Assert.Single(await run.Prometheus.LabelValuesAsync("run_id", "lopt_run_info"));
        var empty = new List<string>();
        foreach (var query in Dashboard.Named(name).Queries)
        {
            string expression = Fill(query.Expression, runId);
            if (!await HasDataAsync(expression, query.Instant)) empty.Add($"{query.Where}: {expression}");
        }

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

    /// <summary>A colour for a curve that is never there is a name that changed.</summary>
    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task Overrides_OfADashboard_NameCurvesThatExist(string name)
    {
        foreach (var panel in Dashboard.Named(name).Panels)
        {
            var curves = new HashSet<string>();
            foreach (string legend in panel.Items("targets").Select(t => t.Text("legendFormat")!))
                curves.UnionWith(await LegendsAsync(legend));
            var overridden = panel.Items("fieldConfig/overrides").Select(o => o.At("matcher/options")!.ToString());
            Assert.All(overridden, o => Assert.True(curves.Contains(o), $"\"{panel.Text("title")}\" has no curve {o}"));
        }
    }

    [Fact]
    public async Task Metrics_NamedInDashboardsAndRules_AreServed()
    {
        var served = (await run.Prometheus.LabelValuesAsync("__name__")).ToHashSet();
        // The run trains; a run that compares θ serves this one, by which it is told from others.
        string ofComparisons = CoordinatorInstruments.ComparisonTasks.Replace('.', '_');
        Assert.DoesNotContain(MetricNames.Used, n => !served.Contains(n) && n != ofComparisons);
    }

    [Fact]
    public async Task Rules_Recording_ProduceSeries()
    {
        Assert.Empty(await run.Prometheus.RuleErrorsAsync());
        foreach (var rule in AlertRules.All.Where(r => !r.IsAlert))
            Assert.True(await HasDataAsync(rule.Name), rule.Name);
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
            if (!await HasDataAsync(opened)) empty.Add($"{alert.Name}: {opened}");
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
        Assert.True(await HasDataAsync($$"""ALERTS{alertname="{{alert}}",alertstate="firing"}"""));
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
        Assert.True(await HasDataAsync($"max_over_time({series}[5m]) > 0"));

    /// <summary>
    /// On a busy machine the only worker may evaluate for some seconds, and what depends on the last samples is not there meanwhile;
    /// scrapes and rules lag behind what happened.
    /// </summary>
    private async Task<bool> HasDataAsync(string expression, bool instant = false)
    {
        for (int attempt = 0; attempt < 30; attempt++)
        {
            var answer = instant ? await run.Prometheus.QueryAsync(expression) : await run.Prometheus.QueryRangeAsync(expression);
            if (answer.Any(s => s.Values.Any(double.IsFinite))) return true;
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        return false;
    }

    /// <summary>What Grafana puts in. The windows are those of a scrape each second.</summary>
    internal static string Fill(string expression, string runId) => expression
        .Replace("$__rate_interval", "10s", StringComparison.Ordinal)
        .Replace("$__range", "5m", StringComparison.Ordinal)
        .Replace("$worker_job", "(lopt-worker)", StringComparison.Ordinal)
        .Replace("$price", "0.04", StringComparison.Ordinal)
        .Replace("$run", runId, StringComparison.Ordinal);

    private async Task<IEnumerable<string>> LegendsAsync(string legend)
    {
        if (LegendLabel().Match(legend) is not { Success: true } label) return [legend];
        return (await run.Prometheus.LabelValuesAsync(label.Groups[1].Value)).Select(
            v => legend.Replace(label.Value, v, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex LegendLabel();

    /// <summary>An "unless" that begins a line, with what is indented below it.</summary>
    [GeneratedRegex(@"(?m)^( *)unless .*\n(\1 +.*\n)*")]
    private static partial Regex Silence();

    /// <summary>A comparison of values; those of labels have no space before them.</summary>
    [GeneratedRegex(@"(?<= )(==|>=|<=|>|<) ")]
    private static partial Regex Comparison();
}
