using System.Text.Json.Nodes;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>A query of a dashboard: of a panel or an annotation.</summary>
/// <param name="Where">Dashboard, panel and letter.</param>
/// <param name="Expression">PromQL with Grafana's variables in it.</param>
/// <param name="Instant">Asks for one value and not for a curve.</param>
internal sealed record DashboardQuery(string Where, string Expression, bool Instant);

/// <summary>A dashboard file of Grafana, as far as tests look into it.</summary>
internal sealed record Dashboard(string Name, JsonNode Root)
{
    private const string Folder = "deploy/grafana/dashboards";

    /// <summary>Name of the one for runs that compare θ with baselines.</summary>
    public const string Comparison = "comparison";

    public static IReadOnlyList<Dashboard> All { get; } =
    [
        .. Directory.GetFiles(Repository.PathOf(Folder), "*.json").Order(StringComparer.Ordinal)
            .Select(f => new Dashboard(Path.GetFileNameWithoutExtension(f), JsonNode.Parse(File.ReadAllText(f))!)),
    ];

    public static Dashboard Named(string name) => All.Single(d => d.Name == name);

    /// <summary>All panels, with the rows that group them.</summary>
    public IEnumerable<JsonNode> Everything => Root.Items("panels");

    public IEnumerable<JsonNode> Panels => Everything.Where(p => p.Text("type") != "row");

    public IEnumerable<JsonNode> Variables => Root.Items("templating/list");

    /// <summary>Without Grafana's built-in one.</summary>
    public IEnumerable<JsonNode> Annotations => Root.Items("annotations/list").Where(a => a["builtIn"] is null);

    public IEnumerable<DashboardQuery> Queries =>
    [
        .. Panels.SelectMany(p => p.Items("targets").Select(t =>
            new DashboardQuery($"{Name}, \"{p.Text("title")}\" {t.Text("refId")}", t.Text("expr") ?? "", (bool?)t["instant"] ?? false))),
        .. Annotations.Select(a => new DashboardQuery($"{Name}, annotation \"{a.Text("name")}\"", a.Text("expr") ?? "", false)),
    ];

    public override string ToString() => Name;
}
