using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LoptCluster.Deploy.Tests.Kubernetes;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>The choices that Grafana offers for a variable: what is shown, and what is put into queries.</summary>
internal static partial class RunChooser
{
    public static async Task<IReadOnlyList<(string Text, string Value)>> ChoicesAsync(PrometheusServer prometheus, JsonNode variable)
    {
        string query = variable.At("query/query")!.ToString();
        Assert.Equal(query, variable.Text("definition"));
        if (LabelValues().Match(query) is { Success: true } labels)
        {
            var values = await prometheus.LabelValuesAsync(labels.Groups["label"].Value, labels.Groups["metric"].Value);
            return [.. values.Select(v => (v, v))];
        }

        string expression = QueryResult().Match(query).Groups["expression"].Value.Replace("$__range", "5m", StringComparison.Ordinal);
        var filter = new Regex(variable.Text("regex")!.Trim('/'));
        return [.. (await prometheus.QueryAsync(expression)).Select(Line).Select(line => filter.Match(line)).Where(m => m.Success)
            .Select(m => (m.Groups["text"].Value, m.Groups["value"].Value))];
    }

    /// <summary>A series as Grafana writes it for the variable's expression.</summary>
    private static string Line(Series series) => string.Create(
        CultureInfo.InvariantCulture, $"{{{string.Join(',', series.Labels.Select(l => $"{l.Key}=\"{l.Value}\""))}}} {series.Values[0]} 0");

    [GeneratedRegex(@"^label_values\((?<metric>[a-z_]+), (?<label>[a-z_]+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"^query_result\((?<expression>.*)\)$")]
    private static partial Regex QueryResult();
}
