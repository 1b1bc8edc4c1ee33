using System.Globalization;
using LoptCluster.TestKit;

namespace LoptCluster.Deploy.Tests.Kubernetes.Rules;

/// <summary>One coordinator that keeps its volume, and time enough for everybody to leave in order.</summary>
internal static class LifecycleRule
{
    /// <summary>Workers are drained for 15 s, then the server ends its calls within 30 s.</summary>
    private const int CoordinatorSeconds = 15 + 30;

    /// <summary>2 + 2 s for running truncations, 5 s for samples on their way, and as much again for the goodbye.</summary>
    private const int WorkerSeconds = 18;

    private const string VersionLabel = "app.kubernetes.io/version";

    public static IEnumerable<string> Check(Manifests manifests)
    {
        var (coordinator, worker) = (manifests.Coordinator, manifests.Worker);
        if (Grace(coordinator) < CoordinatorSeconds) yield return $"the coordinator is killed after {Grace(coordinator)} s";
        if (Grace(worker) < WorkerSeconds) yield return $"a worker is killed after {Grace(worker)} s";
        if (coordinator.Document.At("spec").Text("replicas") != "1") yield return "a run has one coordinator";
        if (coordinator.Document.At("spec/updateStrategy").Text("type") != "RollingUpdate")
            yield return "an upgrade does not reach the coordinator";
        if (coordinator.Document.Map("spec/persistentVolumeClaimRetentionPolicy").Values.Any(v => v != "Retain")
            || coordinator.Document.At("spec/persistentVolumeClaimRetentionPolicy") is null)
            yield return "the run goes with the StatefulSet";
        if (coordinator.Document.At("spec").Text("podManagementPolicy") != "Parallel")
            yield return "a rollback waits for a pod that never becomes ready";
        if (coordinator.Document.Items("spec/volumeClaimTemplates").Any(c => c.Map("metadata/labels").ContainsKey(VersionLabel)))
            yield return "the next version could not be applied: a StatefulSet's claims never change";
        if (Budget(manifests, "lopt-worker") is not { } share || !share.EndsWith('%')) yield return "the workers have no budget in percent";
        if (Budget(manifests, "lopt-coordinator") != "0") yield return "the coordinator is evicted without a person's word";
        if (!worker.Pod.Items("topologySpreadConstraints").Any()) yield return "the workers are not spread";
        foreach (string fault in manifests.Workloads.SelectMany(Images)) yield return fault;
    }

    private static IEnumerable<string> Images(Workload workload)
    {
        string image = workload.Container.Text("image")!;
        if (!image.EndsWith(":" + Repository.Version, StringComparison.Ordinal))
            yield return $"{workload.Title} runs {image}, not version {Repository.Version}";
        if (workload.PodLabels.GetValueOrDefault(VersionLabel) != Repository.Version
            || workload.Document.Map("metadata/labels").GetValueOrDefault(VersionLabel) != Repository.Version)
            yield return $"{workload.Title} is not labelled with version {Repository.Version}";
        string component = workload.PodLabels["app.kubernetes.io/component"];
        if (!image.Contains(component, StringComparison.Ordinal) || workload.Arguments[0] != component)
            yield return $"{workload.Title} runs {image} as {workload.Arguments[0]}";
    }

    private static int Grace(Workload workload) =>
        int.Parse(workload.Pod.Text("terminationGracePeriodSeconds") ?? "30", CultureInfo.InvariantCulture);

    private static string? Budget(Manifests manifests, string name) =>
        manifests.Find("PodDisruptionBudget", name)?.At("spec").Text("maxUnavailable");
}
