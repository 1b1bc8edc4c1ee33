using System.Text.Json.Nodes;
using LoptCluster.Deploy.Tests.Kubernetes;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>The same rules and dashboards for Kubernetes: deploy/prometheus and deploy/grafana as kustomize components.</summary>
public sealed class KubernetesComponentTests
{
    /// <summary>kubectl apply keeps what it applied in an annotation.</summary>
    private const int AnnotationLimit = 256 * 1024;

    [Fact]
    public void PrometheusRule_ItsGroups_AreThoseOfTheRuleFile()
    {
        var rule = YamlTree.Parse(File.ReadAllText(Repository.PathOf("deploy/prometheus/prometheus-rule.yaml"))).Single();
        var file = YamlTree.Parse(AlertRules.Text).Single();
        Assert.True(JsonNode.DeepEquals(rule.At("spec/groups"), file["groups"]), "alerts.yml has changed: run deploy/prometheus/prometheus-rule");
    }

    [Fact]
    public void Components_Rendered_HaveEveryDashboardForTheSidecarAndTheRules()
    {
        var folder = Repository.PathOf("artifacts/kustomize-monitoring");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kustomization.yaml"), "components: [../../deploy/grafana, ../../deploy/prometheus]\n");
        var (status, output, error) = Tool.Run("kubectl", "kustomize", folder);
        Assert.True(status == 0, error);
        var documents = YamlTree.Parse(output);
        Assert.Single(documents, d => d.Text("kind") == "PrometheusRule");
        var maps = documents.Where(d => d.Text("kind") == "ConfigMap").ToList();
        Assert.Equal(Dashboard.All.Select(d => d.Name + ".json"), maps.SelectMany(m => m.Map("data").Keys).Order(StringComparer.Ordinal));
        Assert.All(maps, m => Assert.Equal("1", m.At("metadata/labels/grafana_dashboard")?.ToString()));
        Assert.All(maps, m => Assert.True(m.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Length < AnnotationLimit, m.Name()));
    }
}
