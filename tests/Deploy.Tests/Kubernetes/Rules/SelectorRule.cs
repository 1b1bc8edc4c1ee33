using System.Text.Json.Nodes;

namespace LoptCluster.Deploy.Tests.Kubernetes.Rules;

/// <summary>Whatever selects pods selects those that it is meant for.</summary>
internal static class SelectorRule
{
    /// <summary>Pods of the user's: none of them is in the manifests.</summary>
    public const string ReaderLabel = "lopt-access";

    public static IEnumerable<string> Check(Manifests manifests)
    {
        foreach (var workload in manifests.Workloads)
        {
            if (!workload.IsSelectedBy(workload.Document.Map("spec/selector/matchLabels")))
                yield return $"{workload.Title} does not select its own pods";
            foreach (var spread in workload.Pod.Items("topologySpreadConstraints"))
                if (!workload.IsSelectedBy(spread.Map("labelSelector/matchLabels")))
                    yield return $"{workload.Title} spreads other pods than its own";
        }

        foreach (var (document, path, component) in Selecting(manifests))
        {
            var selected = manifests.Workloads.Where(w => w.IsSelectedBy(document.Map(path))).Select(
                w => w.PodLabels["app.kubernetes.io/component"]).ToList();
            if (!selected.SequenceEqual([component]))
                yield return $"{document.Title()} selects [{string.Join(", ", selected)}], not the {component}";
        }
    }

    private static IEnumerable<(JsonNode Document, string Path, string Component)> Selecting(Manifests manifests) =>
        manifests.OfKind("Service").Select(d => (d, "spec/selector", "coordinator"))
            .Concat(manifests.OfKind("PodDisruptionBudget").Concat(manifests.OfKind("PodMonitor"))
                .Select(d => (d, "spec/selector/matchLabels", ComponentOf(d))))
            .Concat(manifests.OfKind("NetworkPolicy").Where(ForOurPods).Select(d => (d, "spec/podSelector/matchLabels", ComponentOf(d))));

    private static bool ForOurPods(JsonNode policy) =>
        policy.Map("spec/podSelector/matchLabels") is { Count: > 0 } labels && !labels.ContainsKey(ReaderLabel)
        && labels.GetValueOrDefault("app.kubernetes.io/component") != "export";

    /// <summary>Objects are named after the workload that they are for: lopt-COMPONENT, lopt-COMPONENT-PURPOSE.</summary>
    private static string ComponentOf(JsonNode document) => document.Name()!.Split('-')[1];
}
