using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>The dashboards for Kubernetes: deploy/grafana as a kustomize component.</summary>
public sealed class KubernetesComponentTests
{
    /// <summary>kubectl apply keeps what it applied in an annotation.</summary>
    private const int AnnotationLimit = 256 * 1024;

    [Fact]
    public void Component_Rendered_HasEveryDashboardForTheSidecar()
    {
        var folder = Repository.PathOf("artifacts/kustomize-monitoring");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kustomization.yaml"), "components: [../../deploy/grafana]\n");
        var (status, output, error) = Tool.Run("kubectl", "kustomize", folder);
        Assert.True(status == 0, error);
        var documents = YamlTree.Parse(output);
        Assert.All(documents, d => Assert.Equal("ConfigMap", d.Text("kind")));
        Assert.Equal(
            Dashboard.All.Select(d => d.Name + ".json"), documents.SelectMany(m => m.Map("data").Keys).Order(StringComparer.Ordinal));
        Assert.All(documents, m => Assert.Equal("1", m.At("metadata/labels/grafana_dashboard")?.ToString()));
        Assert.All(
            documents,
            m =>
                Assert.True(
                    m.ToJsonString(
                        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Length < AnnotationLimit,
                    m.Name()));
    }
}
