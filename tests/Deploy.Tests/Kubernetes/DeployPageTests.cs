using System.Text.RegularExpressions;
using LoptCluster.Deploy.Tests.Kubernetes.Rules;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>docs/DEPLOY.md speaks of what is there.</summary>
public partial class DeployPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/DEPLOY.md"));

    [Fact]
    public void Page_ObjectsMadeOutside_AreAllToldOf() => Assert.All(MountRule.Outside, o =>
    {
        string[] words = o.Key.Split(' ');
        Assert.Contains($"`{words[1]}`", Page);
        Assert.All(o.Value, key => Assert.Contains($"`{key}`", Page));
    });

    [Fact]
    public void Page_Figures_AreInMetricsPage()
    {
        string metrics = File.ReadAllText(Repository.PathOf("docs/METRICS.md"));
        string query = Manifests.Of("fleet").One("ScaledObject", "lopt-worker").At("spec/triggers/0/metadata").Text("query")!;
        var names =
            ScalingRule.Selector().Matches(Page + query).Select(m => m.Groups[1].Value).Where(n => n != "lopt_").Distinct().ToList();
        Assert.Contains("lopt_loop_backlog", names);
        Assert.All(names, name => Assert.Contains($"`{name}`", metrics));
    }

    [Fact]
    public void Page_PathsOfTheRepository_AreThere()
    {
        var paths = RepositoryPath().Matches(Page).Select(m => m.Value).Distinct().ToList();
        Assert.Contains("deploy/kubernetes/overlays/local", paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Repository.PathOf(path)), path));
    }

    [Fact]
    public void Page_Components_AreAllNamed() => Assert.All(
        Directory.GetDirectories(Repository.PathOf("deploy/kubernetes/components")), folder =>
            Assert.Contains($"`{Path.GetFileName(folder)}`", Page));

    /// <summary>Who types the commands of "A fleet" one after the other finds what each of them needs.</summary>
    [Fact]
    public void Page_StepsOfAFleet_AreInAnOrderThatWorks()
    {
        string section = Page[Page.IndexOf("\n## A fleet\n", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n### Options\n", StringComparison.Ordinal)];
        string[] inOrder =
        [
            "--push .", "kubectl apply -f deploy/kubernetes/overlays/fleet/namespace.yaml", "(#tls-and-tokens)",
            "kubectl -n lopt apply -f -", "kubectl -n lopt run fill",
            "kubectl -n lopt wait --for=condition=Ready pod/fill", "kubectl -n lopt cp ",
            "kubectl -n monitoring apply", "kubectl apply -k deploy/kubernetes/overlays/fleet", "rollout status",
        ];
        int[] places = [.. inOrder.Select(step => section.IndexOf(step, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    /// <summary>What the optional components mount or are given beside the list of the fleet.</summary>
    [Theory]
    [InlineData("lopt-registry")]
    [InlineData("lopt-object-storage")]
    public void Page_SecretOfAnOption_IsMadeAndUsed(string name)
    {
        Assert.Matches($@"(?m)^    kubectl -n lopt create secret [\w-]+ {name} ", Page);
        Assert.Contains($"name: {name}\n", Manifests.TextOf(Manifests.Everything));
    }

    [GeneratedRegex(@"\b(deploy|tests|docs)/[\w./-]*\w")]
    private static partial Regex RepositoryPath();
}
