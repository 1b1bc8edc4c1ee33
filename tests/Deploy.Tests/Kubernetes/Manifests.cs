using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>What an overlay renders to, as a tree that a test may change.</summary>
internal sealed partial class Manifests(IReadOnlyList<JsonNode> documents)
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Texts = new();

    /// <summary>The fleet in a namespace of another name, with every component that it has room for.</summary>
    public const string Everything = "everything";

    /// <summary>The overlays that are delivered, and what people make of them.</summary>
    public static TheoryData<string> Overlays { get; } = ["local", "fleet", Everything];

    public IReadOnlyList<JsonNode> Documents => documents;

    public IEnumerable<Workload> Workloads => OfKind("StatefulSet").Concat(OfKind("Deployment")).Select(d => new Workload(d));

    public Workload Coordinator => new(One("StatefulSet", "lopt-coordinator"));

    public Workload Worker => new(One("Deployment", "lopt-worker"));

    /// <summary>Rendered by <c>kubectl kustomize</c>, afresh parsed for each caller.</summary>
    public static Manifests Of(string overlay) => new(YamlTree.Parse(TextOf(overlay)));

    public static string TextOf(string overlay) => Texts.GetOrAdd(overlay, o => new Lazy<string>(() => Render(o))).Value;

    public static Manifests FromText(string yaml) => new(YamlTree.Parse(yaml));

    public IEnumerable<JsonNode> OfKind(string kind) => documents.Where(d => d.Text("kind") == kind);

    public JsonNode? Find(string kind, string? name) => OfKind(kind).FirstOrDefault(d => d.Name() == name);

    public JsonNode One(string kind, string name) => Find(kind, name) ?? throw new InvalidOperationException($"there is no {kind} {name}");

    private static string Render(string overlay)
    {
        string manifests = Repository.PathOf("deploy/kubernetes");
        if (overlay != Everything) return Rendered(Path.Combine(manifests, "overlays", overlay));
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(manifests, "*", SearchOption.AllDirectories))
        {
            string copy = folder.PathOf(Path.GetRelativePath(manifests, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // As docs/DEPLOY.md has it: another namespace, and the comments before the optional components taken away.
        string fleet = folder.PathOf("overlays/fleet/kustomization.yaml");
        string text = File.ReadAllText(fleet).Replace("\nnamespace: lopt\n", "\nnamespace: second\n", StringComparison.Ordinal);
        File.WriteAllText(fleet, OptionalComponent().Replace(text, "  - $1"));
        return Rendered(Path.GetDirectoryName(fleet)!);
    }

    private static string Rendered(string folder)
    {
        var (status, output, error) = Tool.Run("kubectl", "kustomize", folder);
        Assert.True(status == 0, error);
        return output;
    }

    [GeneratedRegex(@"(?m)^  # - (\S+) .*$")]
    private static partial Regex OptionalComponent();
}
