using System.Text.RegularExpressions;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>The alert rules: sound by promtool, each tested both ways, each saying what to do.</summary>
public sealed partial class AlertRuleTests
{
    [Fact]
    public void Rules_Promtool_FindsNoFault() => AssertRuns("check", "rules", AlertRules.File);

    [Fact]
    public void Rules_TheirUnitTests_Pass() => AssertRuns("test", "rules", AlertRules.TestFile);

    [Fact]
    public void Alerts_Each_IsTestedFiringAndQuiet() => Assert.All(AlertRules.Alerts, alert =>
    {
        var checks = AlertRules.Checks.Where(c => c.Alert == alert.Name).ToList();
        Assert.Contains(checks, c => c.Firing.Count > 0);
        Assert.Contains(checks, c => c.Firing.Count == 0);
    });

    [Fact]
    public void Alerts_Each_SaysHowBadItIsAndWhatToDo() => Assert.All(AlertRules.Alerts, alert =>
    {
        Assert.Contains(alert.Labels["severity"], (string[])["critical", "warning", "info"]);
        Assert.NotNull(alert.For);
        Assert.True(Template().Replace(alert.Annotations["summary"], "").Length is > 10 and < 100, alert.Name);
        Assert.True(alert.Annotations["description"].Length > 60, alert.Name);
        Assert.True(alert.Annotations["runbook"].Length > 100, alert.Name);
        Assert.Contains(alert.Annotations["dashboard"], Dashboard.All.Select(d => "/d/" + d.Root.Text("uid")));
    });

    [Fact]
    public void Alerts_PanelsNamedInRunbooks_Exist()
    {
        var titles = Dashboard.All.SelectMany(d => d.Panels).Select(p => p.Text("title")).ToHashSet();
        // "wrong_dataset" and the like are reasons and not panels.
        Assert.All(
            AlertRules.Alerts,
            a => Assert.All(QuotedTitle().Matches(a.Annotations["runbook"]), m => Assert.Contains(m.Groups[1].Value, titles)));
    }

    [Fact]
    public void Alerts_LabelsInTheirTexts_AreOnWhatFires() => Assert.All(AlertRules.Alerts, alert =>
    {
        var fired = AlertRules.Checks.Where(c => c.Alert == alert.Name).SelectMany(c => c.Firing);
        var used = alert.Annotations.Values.SelectMany(t => LabelUse().Matches(t)).Select(m => m.Groups[1].Value).Distinct();
        Assert.All(used, label => Assert.All(fired, f => Assert.Contains($"{label}=\"", f)));
    });

    [Fact]
    public void Metrics_OfOursInDashboardsAndRules_AreInTheList()
    {
        string list = File.ReadAllText(Repository.PathOf("docs/METRICS.md"));
        var ours = MetricNames.Used.Where(n => n.StartsWith("lopt_", StringComparison.Ordinal))
            .Select(n => n.EndsWith("_bucket", StringComparison.Ordinal)
                || n.EndsWith("_sum", StringComparison.Ordinal) ? n[..n.LastIndexOf('_')] : n);
        Assert.NotEmpty(ours);
        Assert.All(ours, n => Assert.Contains($"`{n}`", list));
    }

    private static void AssertRuns(params string[] arguments)
    {
        var (status, output, error) = Tool.Run("promtool", arguments);
        Assert.True(status == 0, output + error);
    }

    [GeneratedRegex("\"([A-Z][^\"]+)\"")]
    private static partial Regex QuotedTitle();

    [GeneratedRegex(@"\{\{.*?\}\}")]
    private static partial Regex Template();

    /// <summary>A label in a text, but for one that the text does without (<c>with</c>).</summary>
    [GeneratedRegex(@"(?<!with )\$labels\.(\w+)")]
    private static partial Regex LabelUse();
}
