using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>A recording or alert rule.</summary>
internal sealed record Rule(
    string Name,
    bool IsAlert,
    string Expression,
    string? For,
    IReadOnlyDictionary<string,
    string> Labels,
    IReadOnlyDictionary<string,
    string> Annotations);

/// <summary>deploy/prometheus/alerts.yml and its unit tests.</summary>
internal static partial class AlertRules
{
    public const string File = "deploy/prometheus/alerts.yml";
    public const string TestFile = "deploy/prometheus/alerts.test.yml";

    public static string Text { get; } = System.IO.File.ReadAllText(Repository.PathOf(File));

    /// <summary>Rules whose alerts do not wait, for a test that shall see them fire.</summary>
    public static string TextWithoutWaiting { get; } = Waiting().Replace(Text, "for: 0s");

    public static IReadOnlyList<Rule> All { get; } =
    [
        .. YamlTree.Parse(Text).Single().Items("groups").SelectMany(g => g.Items("rules")).Select(r => new Rule(
            (r.Text("alert") ?? r.Text("record"))!, r["alert"] is not null, r.Text("expr")!, r.Text("for"), r.Map("labels"),
            r.Map("annotations"))),
    ];

    public static IEnumerable<Rule> Alerts => All.Where(r => r.IsAlert);

    /// <summary>Checks of the unit tests: which alert, and the labels of what fires (none: it stays quiet).</summary>
    public static IReadOnlyList<(string Alert, IReadOnlyList<string> Firing)> Checks { get; } =
    [
        .. YamlTree.Parse(System.IO.File.ReadAllText(Repository.PathOf(TestFile))).Single().Items("tests")
            .SelectMany(t => t.Items("promql_expr_test"))
            .Select(c => (AlertName().Match(c.Text("expr")!).Groups[1].Value, (IReadOnlyList<string>)[.. Samples(c)]))
            .Where(c => c.Item1.Length > 0),
    ];

    private static IEnumerable<string> Samples(JsonNode check) => check.Items("exp_samples").Select(s => s.Text("labels")!);

    [GeneratedRegex(@"for: \w+")]
    private static partial Regex Waiting();

    [GeneratedRegex("""ALERTS\{alertname="(\w+)",alertstate="firing"\}""")]
    private static partial Regex AlertName();
}
