using System.Text.RegularExpressions;
using LoptCluster.Deploy.Tests.Kubernetes;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>What must hold of the dashboard files themselves. Their shape against Grafana's types: .ci/monitoring.</summary>
public sealed partial class DashboardTests
{
    private const string DataSource = "${datasource}";
    private const string CommonTag = "lopt-cluster";

    public static TheoryData<string> Names => [.. Dashboard.All.Select(d => d.Name)];

    /// <summary>Those of runs that train.</summary>
    public static TheoryData<string> OfTraining => [.. Dashboard.All.Where(d => d.Name != Dashboard.Comparison).Select(d => d.Name)];

    [Fact]
    public void Dashboards_OurFour_AreThereUnderFixedAddresses() => Assert.Equal(
        ["lopt-comparison", "lopt-coordinator", "lopt-fleet", "lopt-outer-training"], Dashboard.All.Select(d => d.Root.Text("uid")));

    [Theory]
    [MemberData(nameof(Names))]
    public void Panels_Ids_AreUnique(string name)
    {
        var ids = Dashboard.Named(name).Everything.Select(p => (int)p["id"]!).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Panels_Positions_DoNotOverlapAndStayWithinTheGrid(string name)
    {
        var taken = new Dictionary<(int X, int Y), string>();
        foreach (var panel in Dashboard.Named(name).Everything)
        {
            int Of(string key) => (int)panel["gridPos"]![key]!;
            Assert.InRange(Of("x") + Of("w"), 1, 24);
            foreach (int x in Enumerable.Range(Of("x"), Of("w")))
                foreach (int y in Enumerable.Range(Of("y"), Of("h")))
                    Assert.True(
                        taken.TryAdd((x, y), panel.Text("title")!),
                        $"\"{panel.Text("title")}\" lies on \"{taken.GetValueOrDefault((x, y))}\" at {x}, {y}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Panels_FirstOfAll_IsARow(string name) =>
        Assert.Equal("row", Dashboard.Named(name).Everything.OrderBy(p => (int)p["gridPos"]!["y"]!).First().Text("type"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Queries_DataSource_IsTheVariable(string name)
    {
        var dashboard = Dashboard.Named(name);
        var users = dashboard.Panels.Concat(dashboard.Panels.SelectMany(p => p.Items("targets"))).Concat(dashboard.Annotations)
            .Concat(dashboard.Variables.Where(v => v.Text("type") == "query"));
        Assert.All(users, u => Assert.Equal(DataSource, u.At("datasource/uid")?.ToString()));
        Assert.Single(
            dashboard.Variables, v => v.Text("name") == "datasource" && v.Text("type") == "datasource" && v.Text("query") == "prometheus");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Queries_Variables_AreDefined(string name)
    {
        var dashboard = Dashboard.Named(name);
        var known = dashboard.Variables.Select(v => v.Text("name")!).Concat(["__rate_interval", "__range"]).ToHashSet();
        Assert.All(dashboard.Queries, q => Assert.All(VariableUse().Matches(q.Expression), m => Assert.Contains(m.Groups[1].Value, known)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Panels_Each_ExplainsItselfAndHasUnitAndLegends(string name) => Assert.All(Dashboard.Named(name).Panels, p =>
    {
        Assert.True(p.Text("description")?.Length > 20, $"\"{p.Text("title")}\" has no description");
        // A heat map has its unit on the axis.
        Assert.False(
            string.IsNullOrEmpty((p.At("fieldConfig/defaults/unit") ?? p.At("options/yAxis/unit"))?.ToString()),
            $"\"{p.Text("title")}\" has no unit");
        Assert.NotEmpty(p.Items("targets"));
        Assert.All(
            p.Items("targets"),
            t => Assert.False(string.IsNullOrEmpty(t.Text("legendFormat")), $"\"{p.Text("title")}\" {t.Text("refId")} has no legend"));
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void Scatters_SeriesAxes_AreQueriesOfThePanelJoinedByTime(string name)
    {
        foreach (var panel in Dashboard.Named(name).Panels.Where(p => p.Text("type") == "xychart"))
        {
            var legends = panel.Items("targets").Select(t => t.Text("legendFormat")).ToHashSet();
            Assert.Equal("joinByField", panel.At("transformations/0/id")?.ToString());
            Assert.All(
                panel.Items("options/series"),
                s => Assert.All(["x", "y"], axis => Assert.Contains(s.At($"{axis}/matcher/options")?.ToString(), legends)));
            // Every curve is drawn, against k.
            Assert.Equal(
                legends.Count - 1, panel.Items("options/series").Select(s => s.At("y/matcher/options")?.ToString()).Distinct().Count());
            Assert.All(panel.Items("options/series"), s => Assert.Equal("k", s.At("x/matcher/options")?.ToString()));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dashboard_RefreshAndLinks_AreSet(string name)
    {
        var root = Dashboard.Named(name).Root;
        Assert.Equal("30s", root.Text("refresh"));
        Assert.Contains(CommonTag, root.Items("tags").Select(t => t.ToString()));
        var link = Assert.Single(root.Items("links"));
        Assert.Equal(CommonTag, link.At("tags/0")?.ToString());
        Assert.True((bool)link["includeVars"]! && (bool)link["keepTime"]!);
        Assert.Contains("Coordinator restarts", Dashboard.Named(name).Annotations.Select(a => a.Text("name")));
    }

    /// <summary>
    /// The series of a run are joined by its label too: one coordinator may serve several. Those of a process have no such label.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Queries_OfARunsSeries_JoinByRun(string name) => Assert.All(
        Dashboard.Named(name).Queries.Where(q => q.Expression.Contains("(job, instance", StringComparison.Ordinal)),
        query =>
        {
            bool ofProcess = ProcessMetric().IsMatch(query.Expression);
            Assert.Matches(ofProcess ? @"\(job, instance[,)](?! run)" : @"\(job, instance, run[,)]", query.Expression);
            if (!ofProcess) Assert.DoesNotMatch(@"\(job, instance(?!, run)", query.Expression);
        });

    [GeneratedRegex(@"\b(dotnet_|kestrel_|lopt_process_|lopt_tls_)")]
    private static partial Regex ProcessMetric();

    [GeneratedRegex(@"\$\{?([A-Za-z_]+)")]
    private static partial Regex VariableUse();
}
