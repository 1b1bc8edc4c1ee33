using System.Text.Json.Nodes;

namespace LoptCluster.Deploy.Tests.Kubernetes.Rules;

/// <summary>The Pod Security Standard "restricted", and what this repository asks beyond it.</summary>
internal static class SecurityRule
{
    private const string User = "1654";

    private static readonly (string Path, string Value)[] OfPod =
    [
        ("securityContext/runAsNonRoot", "true"), ("securityContext/runAsUser", User), ("securityContext/runAsGroup", User),
        ("securityContext/fsGroup", User),
        ("securityContext/seccompProfile/type", "RuntimeDefault"), ("automountServiceAccountToken", "false"),
    ];

    private static readonly (string Path, string Value)[] OfContainer =
    [
        ("securityContext/allowPrivilegeEscalation", "false"), ("securityContext/readOnlyRootFilesystem", "true"),
        ("securityContext/capabilities/drop", """["ALL"]"""),
    ];

    private static readonly string[] VolumeTypes = ["configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret"];

    public static IEnumerable<string> Check(Manifests manifests)
    {
        var pods = manifests.Workloads.Select(w => (w.Title, w.Pod)).Concat(
            manifests.OfKind("CronJob").Select(j => (Title: j.Title(), Pod: j.At("spec/jobTemplate/spec/template/spec")!)));
        foreach (string fault in pods.SelectMany(p => OfPods(p.Title, p.Pod))) yield return fault;
        foreach (var account in manifests.OfKind("ServiceAccount").Where(a => a.Text("automountServiceAccountToken") != "false"))
            yield return $"{account.Title()} has a token";
        foreach (var secret in manifests.OfKind("Secret")) yield return $"{secret.Title()} lies in the repository";
        if (manifests.OfKind("Namespace").Single().Map("metadata/labels")
            .GetValueOrDefault("pod-security.kubernetes.io/enforce") != "restricted")
            yield return "the namespace does not enforce the restricted standard";
        // A PriorityClass is the cluster's.
        foreach (var document in manifests.Documents.Where(d => d.Text("kind") is not ("Namespace" or "PriorityClass")
            && d["metadata"].Text("namespace") != manifests.OfKind("Namespace").Single().Name()))
            yield return $"{document.Title()} is in another namespace";
    }

    private static IEnumerable<string> OfPods(string title, JsonNode pod)
    {
        foreach (var (path, value) in OfPod.Where(f => Written(pod.At(f.Path)) != f.Value)) yield return $"{title}: {path} is not {value}";
        foreach (string field in new[] { "hostNetwork", "hostPID", "hostIPC" }.Where(f => pod[f] is not null))
            yield return $"{title} uses {field}";
        foreach (string volume in pod.Items("volumes").SelectMany(v => v.AsObject()).Select(p => p.Key).Except([.. VolumeTypes, "name"]))
            yield return $"{title} has a volume of type {volume}";
        foreach (var container in pod.Items("containers").Concat(pod.Items("initContainers")))
        {
            foreach (var (path, value) in OfContainer.Where(f => Written(container.At(f.Path)) != f.Value))
                yield return $"{title}, {container.Text("name")}: {path} is not {value}";
            if (container["securityContext"]?["capabilities"]?["add"] is not null) yield return $"{title} adds capabilities";
        }
    }

    private static string? Written(JsonNode? node) => node is JsonArray array ? array.ToJsonString() : node?.ToString();
}
