using System.Text.RegularExpressions;
using LoptCluster.Deploy.Tests.Kubernetes;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>What a real Prometheus has for the queries of a dashboard.</summary>
internal static partial class DashboardData
{
    /// <summary>Queries that give nothing for the run.</summary>
    public static async Task<IReadOnlyList<string>> EmptyQueriesAsync(this PrometheusServer prometheus, Dashboard dashboard, string runId)
    {
        var empty = new List<string>();
        foreach (var query in dashboard.Queries)
        {
            string expression = Fill(query.Expression, runId);
            if (!await prometheus.HasDataAsync(expression, query.Instant)) empty.Add($"{query.Where}: {expression}");
        }

        return empty;
    }

    /// <summary>Colours and names of curves that no query of their panel gives.</summary>
    public static async Task<IReadOnlyList<string>> UnknownOverridesAsync(this PrometheusServer prometheus, Dashboard dashboard)
    {
        var unknown = new List<string>();
        foreach (var panel in dashboard.Panels)
        {
            var curves = new HashSet<string>();
            foreach (string legend in panel.Items("targets").Select(t => t.Text("legendFormat")!))
                curves.UnionWith(await LegendsAsync(prometheus, legend));
            var overridden = panel.Items("fieldConfig/overrides").Select(o => o.At("matcher/options")!.ToString());
            unknown.AddRange(overridden.Where(o => !curves.Contains(o)).Select(o => $"\"{panel.Text("title")}\" has no curve {o}"));
        }

        return unknown;
    }

    /// <summary>
    /// On a busy machine the only worker may evaluate for some seconds, and what depends on the last samples is not there meanwhile;
    /// scrapes and rules lag behind what happened.
    /// </summary>
    public static async Task<bool> HasDataAsync(this PrometheusServer prometheus, string expression, bool instant = false)
    {
        for (int attempt = 0; attempt < 30; attempt++)
        {
            var answer = instant ? await prometheus.QueryAsync(expression) : await prometheus.QueryRangeAsync(expression);
            if (answer.Any(s => s.Values.Any(double.IsFinite))) return true;
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        return false;
    }

    /// <summary>What Grafana puts in. The windows are those of a scrape each second.</summary>
    public static string Fill(string expression, string runId) => expression
        .Replace("$__rate_interval", "10s", StringComparison.Ordinal)
        .Replace("$__range", "5m", StringComparison.Ordinal)
        .Replace("$worker_job", "(lopt-worker)", StringComparison.Ordinal)
        .Replace("$price", "0.04", StringComparison.Ordinal)
        .Replace("$run", runId, StringComparison.Ordinal);

    private static async Task<IEnumerable<string>> LegendsAsync(PrometheusServer prometheus, string legend)
    {
        if (LegendLabel().Match(legend) is not { Success: true } label) return [legend];
        return (await prometheus.LabelValuesAsync(label.Groups[1].Value)).Select(
            v => legend.Replace(label.Value, v, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex LegendLabel();
}
