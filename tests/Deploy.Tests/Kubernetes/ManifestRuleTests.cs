using System.Text.Json.Nodes;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes;

public class ManifestRuleTests
{
    public static TheoryData<string, string> RulesOfOverlays { get; } =
        [.. from overlay in Manifests.Overlays.Select(o => o.Data) from rule in ManifestRules.All.Keys select (overlay, rule)];

    [Theory]
    [MemberData(nameof(RulesOfOverlays))]
    public void Rule_DeliveredOverlay_FindsNothing(string overlay, string rule) =>
        Assert.Empty(ManifestRules.All[rule](Manifests.Of(overlay)));

    /// <summary>Each rule is shown manifests with one mistake, so that none of them passes whatever it sees.</summary>
    [Theory]
    [MemberData(nameof(Mistakes.All), MemberType = typeof(Mistakes))]
    public void Rule_OneMistake_FindsIt(string rule, string kind, string name, string path, string? json)
    {
        var manifests = Manifests.Of("fleet");
        manifests.One(kind, name).Set(path, json is null ? null : JsonNode.Parse(json));
        Assert.NotEmpty(ManifestRules.All[rule](manifests));
    }

    /// <summary>Two runs in two namespaces of one cluster have nothing of each other's name.</summary>
    [Fact]
    public void AnotherNamespace_NamesInTexts_FollowIt()
    {
        string text = Manifests.TextOf(Manifests.Everything);
        Assert.DoesNotMatch(@"(?m)^\s*namespace: lopt$|namespace=""lopt""|\blopt-(coordinator|web)\.lopt\b", text);
        var certificate = Manifests.FromText(text).One("Certificate", "lopt-coordinator");
        Assert.Equal(
            ["lopt-coordinator", "lopt-coordinator.second", "lopt-coordinator.second.svc", "lopt-coordinator.second.svc.cluster.local",
                "lopt-web", "lopt-web.second.svc", "localhost"],
            certificate.Items("spec/dnsNames").Select(n => n.ToString()));
    }

    [Fact]
    public void Registry_EveryServiceAccount_HasItsSecret() => Assert.All(
        Manifests.Of(Manifests.Everything).OfKind("ServiceAccount"),
        account => Assert.Equal("lopt-registry", account.At("imagePullSecrets/0").Text("name")));

    [Fact]
    public void Priority_ClassesOfTheWorkloads_AreThere() => Assert.All(
        Manifests.Of("fleet").Workloads,
        w => Assert.NotNull(Manifests.Of("fleet").Find("PriorityClass", w.Pod.Text("priorityClassName"))));

    [Fact]
    public void Mistakes_EveryRule_HasSome() =>
        Assert.Empty(ManifestRules.All.Keys.Except(Mistakes.All.Select(m => (string)((ITheoryDataRow)m).GetData()[0]!)));
}
