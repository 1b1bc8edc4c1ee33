using System.Text.Json.Nodes;

namespace LoptCluster.Deploy.Tests.Kubernetes.Rules;

/// <summary>Probes ask the health port: service "" whether the program lives, "ready" whether it works.</summary>
internal static class ProbeRule
{
    public static IEnumerable<string> Check(Manifests manifests)
    {
        foreach (var workload in manifests.Workloads)
        {
            foreach (var (probe, service) in new[] { ("livenessProbe", ""), ("readinessProbe", "ready") })
                foreach (string fault in Faults(workload, probe, service)) yield return fault;
        }

        var coordinator = manifests.Coordinator;
        foreach (string fault in Faults(coordinator, "startupProbe", "")) yield return fault;
        if (Seconds(coordinator, "startupProbe") < 120)
            yield return $"the coordinator has {Seconds(coordinator, "startupProbe")} s to read a long run back";
        foreach (var workload in manifests.Workloads.Where(w => Seconds(w, "livenessProbe") < 30))
            yield return $"{workload.Title} is killed after {Seconds(workload, "livenessProbe")} s without an answer";
    }

    private static IEnumerable<string> Faults(Workload workload, string name, string service)
    {
        if (workload.Container.At(name + "/grpc") is not { } grpc)
        {
            yield return $"{workload.Title} has no {name} over gRPC";
            yield break;
        }

        if (grpc.Text("port") != workload.PortOf("health")?.ToString(System.Globalization.CultureInfo.InvariantCulture))
            yield return $"{workload.Title}: {name} asks port {grpc.Text("port")}";
        if ((grpc.Text("service") ?? "") != service)
            yield return $"{workload.Title}: {name} asks for service '{grpc.Text("service")}', not '{service}'";
    }

    private static int Seconds(Workload workload, string name) =>
        Number(workload.Container.At(name), "periodSeconds") * Number(workload.Container.At(name), "failureThreshold");

    private static int Number(JsonNode? probe, string key) => int.TryParse(probe.Text(key), out int value) ? value : 0;
}
