using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>What an overlay renders to, as a tree that a test may change.</summary>
internal sealed class Manifests(IReadOnlyList<JsonNode> documents)
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Rendered = new();

    /// <summary>The overlays that are delivered.</summary>
    public static TheoryData<string> Overlays { get; } = ["local", "fleet"];

    public IReadOnlyList<JsonNode> Documents => documents;

    public IEnumerable<Workload> Workloads => OfKind("StatefulSet").Concat(OfKind("Deployment")).Select(d => new Workload(d));

    public Workload Coordinator => new(One("StatefulSet", "lopt-coordinator"));

    public Workload Worker => new(One("Deployment", "lopt-worker"));

    /// <summary>Rendered by <c>kubectl kustomize</c>, afresh parsed for each caller.</summary>
    public static Manifests Of(string overlay) => new(YamlTree.Parse(TextOf(overlay)));

    public static string TextOf(string overlay) => Rendered.GetOrAdd(overlay, o => new Lazy<string>(() => Render(o))).Value;

    public static Manifests FromText(string yaml) => new(YamlTree.Parse(yaml));

    public IEnumerable<JsonNode> OfKind(string kind) => documents.Where(d => d.Text("kind") == kind);

    public JsonNode? Find(string kind, string? name) => OfKind(kind).FirstOrDefault(d => d.Name() == name);

    public JsonNode One(string kind, string name) => Find(kind, name) ?? throw new InvalidOperationException($"there is no {kind} {name}");

    private static string Render(string overlay)
    {
        var (status, output, error) = Tool.Run("kubectl", "kustomize", Repository.PathOf($"deploy/kubernetes/overlays/{overlay}"));
        Assert.True(status == 0, error);
        return output;
    }
}
