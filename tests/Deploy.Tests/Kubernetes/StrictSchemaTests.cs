using k8s;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>Unknown members, wrong types and duplicate keys, by the Kubernetes client's own types.</summary>
public class StrictSchemaTests
{
    /// <summary>Custom resources are checked by .ci/kubernetes against their published schemas.</summary>
    private static readonly string[] CustomGroups = ["keda.sh/", "monitoring.coreos.com/", "cert-manager.io/"];

    [Theory]
    [MemberData(nameof(Manifests.Overlays), MemberType = typeof(Manifests))]
    public void Overlay_ReadStrictly_IsTaken(string overlay)
    {
        string text = CoreDocuments(overlay);
        var objects = KubernetesYaml.LoadAllFromString(text, null, strict: true);
        Assert.Equal(Manifests.FromText(text).Documents.Count, objects.Count);
    }

    [Theory]
    [InlineData("terminationGracePeriodSeconds: 60", "terminationGraceSeconds: 60")]
    [InlineData("containerPort: 5317", "containerPort: grpc")]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: sometimes")]
    [InlineData("serviceName: lopt-coordinator-pods", "serviceName: a\n  serviceName: b")]
    public void Overlay_Misspelt_IsRefused(string right, string wrong)
    {
        string text = CoreDocuments("fleet");
        Assert.Contains(right, text);
        Assert.ThrowsAny<Exception>(
            () => KubernetesYaml.LoadAllFromString(text.Replace(right, wrong, StringComparison.Ordinal), null, strict: true));
    }

    [Fact]
    public void Overlays_Rendered_LeaveOutOnlyWhatTheyShould()
    {
        Assert.DoesNotContain("keda.sh", Manifests.TextOf("local"));
        Assert.DoesNotContain("monitoring.coreos.com", Manifests.TextOf("local"));
        Assert.Contains("kind: ScaledObject", Manifests.TextOf("fleet"));
    }

    private static string CoreDocuments(string overlay) => string.Join(
        "\n---\n", Manifests.TextOf(overlay).Split("\n---\n").Where(
            d => !CustomGroups.Any(g => d.Contains($"apiVersion: {g}", StringComparison.Ordinal))));
}
