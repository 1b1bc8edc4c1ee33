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
        foreach (var workload in manifests.Workloads)
        {
            foreach (var (path, value) in OfPod.Where(f => Written(workload.Pod.At(f.Path)) != f.Value))
                yield return $"{workload.Title}: {path} is not {value}";
            foreach (var (path, value) in OfContainer.Where(f => Written(workload.Container.At(f.Path)) != f.Value))
                yield return $"{workload.Title}: {path} is not {value}";
            foreach (string field in new[] { "hostNetwork", "hostPID", "hostIPC" }.Where(f => workload.Pod[f] is not null))
                yield return $"{workload.Title} uses {field}";
            foreach (string volume in workload.Pod.Items("volumes").SelectMany(v => v.AsObject()).Select(p => p.Key).Except(
            [
                .. VolumeTypes, "name",
            ]))
            {
                yield return $"{workload.Title} has a volume of type {volume}";
            }
            if (workload.Pod.Items("containers").Count() != 1 || workload.Pod["initContainers"] is not null)
                yield return $"{workload.Title} has containers that this rule does not look at";
            if (workload.Container["securityContext"]?["capabilities"]?["add"] is not null)
                yield return $"{workload.Title} adds capabilities";
        }

        foreach (var account in manifests.OfKind("ServiceAccount").Where(a => a.Text("automountServiceAccountToken") != "false"))
            yield return $"{account.Title()} has a token";
        foreach (var secret in manifests.OfKind("Secret")) yield return $"{secret.Title()} lies in the repository";
        if (manifests.OfKind("Namespace").Single().Map("metadata/labels")
            .GetValueOrDefault("pod-security.kubernetes.io/enforce") != "restricted")
            yield return "the namespace does not enforce the restricted standard";
        foreach (var document in manifests.Documents.Where(d => d.Text("kind") != "Namespace"
            && d["metadata"].Text("namespace") != manifests.OfKind("Namespace").Single().Name()))
            yield return $"{document.Title()} is in another namespace";
    }

    private static string? Written(JsonNode? node) => node is JsonArray array ? array.ToJsonString() : node?.ToString();
}
