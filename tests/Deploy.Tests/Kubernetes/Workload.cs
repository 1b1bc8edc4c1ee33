using System.Globalization;
using System.Text.Json.Nodes;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>A StatefulSet or a Deployment with one container.</summary>
internal sealed class Workload(JsonNode document)
{
    public JsonNode Document => document;

    public string Title => document.Title();

    public JsonNode Pod => document.At("spec/template/spec")!;

    public JsonNode Container => Pod.At("containers/0")!;

    public IReadOnlyDictionary<string, string> PodLabels => document.Map("spec/template/metadata/labels");

    /// <summary>Arguments as the program gets them: $(NAME) is replaced like the kubelet does.</summary>
    public IReadOnlyList<string> Arguments => [.. Container.Items("args").Select(a => Expand(a.ToString()))];

    /// <summary>The value of --name=value, or null.</summary>
    public string? Argument(string name) =>
        Arguments.FirstOrDefault(a => a.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..];

    public IEnumerable<(string Name, int Number)> Ports =>
        Container.Items("ports").Select(p => (p.Text("name") ?? "", int.Parse(p.Text("containerPort")!, CultureInfo.InvariantCulture)));

    public int? PortOf(string? name) => Ports.Where(p => p.Name == name).Select(p => (int?)p.Number).FirstOrDefault();

    /// <summary>Mount paths with the volume each.</summary>
    public IEnumerable<(string Path, string Volume, JsonNode Mount)> Mounts =>
        Container.Items("volumeMounts").Select(m => (m.Text("mountPath") ?? "", m.Text("name") ?? "", m));

    public bool IsSelectedBy(IReadOnlyDictionary<string, string> labels) =>
        labels.Count > 0 && labels.All(l => PodLabels.TryGetValue(l.Key, out string? value) && value == l.Value);

    private string Expand(string text)
    {
        foreach (var variable in Container.Items("env"))
        {
            string? value = variable.Text("value") ?? Resource(variable.At("valueFrom/resourceFieldRef"));
            if (value is not null) text = text.Replace($"$({variable.Text("name")})", value, StringComparison.Ordinal);
        }

        return text;
    }

    private string? Resource(JsonNode? reference) => reference is null || reference.Text("containerName") != Container.Text("name")
        ? null
        : Container.Text("resources") is null
            ? null
            : Container.At("resources/" + reference.Text("resource")!.Replace('.', '/'))?.ToString();
}
