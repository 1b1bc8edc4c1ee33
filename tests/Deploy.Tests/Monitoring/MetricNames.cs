using System.Text.RegularExpressions;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>Metrics that dashboards and rules speak of.</summary>
internal static partial class MetricNames
{
    /// <summary>Ours, the runtime's and the server's, and the results of our recording rules.</summary>
    public static IReadOnlyList<string> Used { get; } =
    [
        .. Dashboard.All.SelectMany(d => d.Queries).Select(q => q.Expression).Concat(AlertRules.All.Select(r => r.Expression))
            .SelectMany(e => Name().Matches(Quoted().Replace(e, ""))).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"\b(lopt|dotnet|kestrel)[:_][a-z0-9_:]+")]
    private static partial Regex Name();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
