using System.Text.RegularExpressions;

namespace LoptCluster.Cluster.Tests.Telemetry;

/// <summary>A family of series in Prometheus' text format.</summary>
internal sealed record MetricFamily(string Name, string Type, string Help, IReadOnlySet<string> Labels);

/// <summary>What a /metrics endpoint served.</summary>
internal static partial class MetricsPage
{
    /// <summary>Labels that the exporter and histograms add to every series.</summary>
    private static readonly HashSet<string> Technical = ["otel_scope_name", "le"];

    public static IReadOnlyDictionary<string, MetricFamily> Parse(string text)
    {
        var families = new Dictionary<string, MetricFamily>();
        string name = "", type = "", help = "";
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal)) (name, type, help) = (line.Split(' ')[2], line.Split(' ')[3], "");
            else if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                help = line[(line.IndexOf(name, StringComparison.Ordinal) + name.Length + 1)..].Trim();
            else if (line.Length > 0 && line[0] != '#')
            {
                var labels = Label().Matches(line).Select(m => m.Groups[1].Value).Where(l => !Technical.Contains(l));
                families[name] = new MetricFamily(
                    name, type, help, families.GetValueOrDefault(name)?.Labels.Concat(labels).ToHashSet() ?? labels.ToHashSet());
            }
        }

        return families;
    }

    [GeneratedRegex("[{,]([a-z_]+)=\"")]
    private static partial Regex Label();
}
