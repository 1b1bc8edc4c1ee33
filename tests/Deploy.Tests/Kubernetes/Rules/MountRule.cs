using System.Text.Json.Nodes;

namespace LoptCluster.Deploy.Tests.Kubernetes.Rules;

/// <summary>Every file that a program is told of is mounted, from an object that is there or that DEPLOY.md tells how to make.</summary>
internal static class MountRule
{
    /// <summary>What is made outside of the repository, with its keys.</summary>
    public static IReadOnlyDictionary<string, string[]> Outside { get; } = new Dictionary<string, string[]>
    {
        ["secret lopt-coordinator-tls"] = ["tls.crt", "tls.key"],
        ["secret lopt-worker-token"] = ["token", "second"],
        ["secret lopt-reader-token"] = ["token", "second"],
        ["secret lopt-operator-token"] = ["token", "second"],
        ["configmap lopt-ca"] = ["ca.crt"],
        ["claim lopt-data"] = [],
    };

    public static IEnumerable<string> Check(Manifests manifests)
    {
        foreach (var workload in manifests.Workloads)
        {
            var volumes = workload.Pod.Items("volumes").ToDictionary(v => v.Text("name")!);
            var claims = workload.Document.Items("spec/volumeClaimTemplates").Select(c => c.Name()!).ToList();
            foreach (var (path, volume, _) in workload.Mounts)
                if (!volumes.ContainsKey(volume) && !claims.Contains(volume))
                    yield return $"{workload.Title} mounts {volume} at {path}, which is no volume";
            foreach (string name in volumes.Keys.Concat(claims).Except(workload.Mounts.Select(m => m.Volume)))
                yield return $"{workload.Title} has volume {name} and mounts it nowhere";
            foreach (string fault in volumes.Values.SelectMany(v => Sources(v, manifests))) yield return $"{workload.Title}: {fault}";
            foreach (string file in Told(workload).Where(f => !IsThere(workload, volumes, f)))
                yield return $"{workload.Title} is told of {file}, which is not mounted";
            string? account = workload.Pod.Text("serviceAccountName");
            if (manifests.Find("ServiceAccount", account) is null)
                yield return $"{workload.Title} runs as {account}, which is no ServiceAccount";
        }

        string? run = manifests.Coordinator.Argument("run");
        var onClaim = manifests.Coordinator.Mounts.Where(
            m => manifests.Coordinator.Document.Items("spec/volumeClaimTemplates").Any(c => c.Name() == m.Volume));
        if (!onClaim.Any(m => run?.StartsWith(m.Path + "/", StringComparison.Ordinal) == true && m.Mount.Text("readOnly") != "true"))
            yield return $"the run folder {run} is not on the claimed volume";
        string? governing = manifests.Coordinator.Document.At("spec").Text("serviceName");
        if (manifests.Find("Service", governing)?.At("spec").Text("clusterIP") != "None")
            yield return $"the StatefulSet's service {governing} is no headless Service";
    }

    private static IEnumerable<string> Told(Workload workload) =>
        new[] { "preset", "tls-cert", "tls-key", "ca", "data" }.Select(workload.Argument).OfType<string>()
            .Concat(workload.Container.Items("env").Where(e => e.Text("name")!.EndsWith("_FILE", StringComparison.Ordinal))
                .Select(e => e.Text("value")!));

    private static IEnumerable<string> Sources(JsonNode volume, Manifests manifests) => SourcesOf(volume)
        .SelectMany(s => s.Keys.DefaultIfEmpty("").Where(k => !Exists(s.Source, k, manifests)).Select(k => $"{s.Source} with {k} is "
            + $"neither here nor in the list of what is made outside"));

    private static bool Exists(string source, string key, Manifests manifests)
    {
        if (Outside.TryGetValue(source, out string[]? keys)) return key == "" || keys.Contains(key);
        return source.StartsWith("configmap ", StringComparison.Ordinal)
            && manifests.Find("ConfigMap", source["configmap ".Length..]) is { } map
            && (key == "" || map.Map("data").ContainsKey(key));
    }

    private static IEnumerable<(string Source, string[] Keys)> SourcesOf(JsonNode volume)
    {
        if (volume["configMap"] is { } map) yield return ($"configmap {map.Text("name")}", Keys(map));
        if (volume["secret"] is { } secret) yield return ($"secret {secret.Text("secretName")}", Keys(secret));
        if (volume["persistentVolumeClaim"] is { } claim) yield return ($"claim {claim.Text("claimName")}", []);
        foreach (var projected in volume.Items("projected/sources"))
            yield return ($"secret {projected["secret"].Text("name")}", Keys(projected["secret"]!));
    }

    private static string[] Keys(JsonNode source) => [.. source.Items("items").Select(i => i.Text("key")!)];

    private static bool IsThere(Workload workload, Dictionary<string, JsonNode> volumes, string file) => workload.Mounts.Any(m =>
        volumes.TryGetValue(m.Volume, out var volume)
        && (file == m.Path ? volume["persistentVolumeClaim"] is not null : file.StartsWith(m.Path + "/", StringComparison.Ordinal)
            && Paths(volume).Any(p => (p + "/").StartsWith(file[(m.Path.Length + 1)..] + "/", StringComparison.Ordinal))));

    private static IEnumerable<string> Paths(JsonNode volume) =>
        new[] { volume["configMap"], volume["secret"] }.Concat(
            volume.Items("projected/sources").Select(s => s["secret"])).SelectMany(s => s.Items("items")).Select(i => i.Text("path")!);
}
