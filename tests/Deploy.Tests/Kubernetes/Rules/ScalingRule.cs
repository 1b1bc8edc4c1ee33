using System.Text.RegularExpressions;

namespace LoptCluster.Deploy.Tests.Kubernetes.Rules;

/// <summary>The ScaledObject scales the workers, by figures of this namespace that the coordinator really gives.</summary>
internal static partial class ScalingRule
{
    public static IEnumerable<string> Check(Manifests manifests)
    {
        var worker = manifests.Worker.Document;
        if (manifests.Find("ScaledObject", "lopt-worker") is not { } scaled)
        {
            if (worker.At("spec/replicas") is null) yield return "nothing says how many workers there are";
            yield break;
        }

        if (worker.At("spec/replicas") is not null) yield return "each apply would undo the scaling";
        var target = scaled.At("spec/scaleTargetRef");
        if (target.Text("name") != worker.Name() || target.Text("kind") != worker.Text("kind"))
            yield return $"{target.Text("kind")} {target.Text("name")} is scaled, not the workers";
        if (scaled.At("spec").Text("minReplicaCount") != "0") yield return "a finished run keeps workers";
        foreach (var trigger in scaled.Items("spec/triggers"))
        {
            var metadata = trigger.Map("metadata");
            if (trigger.Text("type") != "prometheus" || trigger.Text("metricType") != "AverageValue")
                yield return "a trigger is no number of replicas from Prometheus";
            if (metadata["threshold"] != "1" || metadata["activationThreshold"] != "0") yield return "a replica is not a worker";
            if (metadata["ignoreNullValues"] != "false") yield return "a Prometheus that does not answer counts as zero workers";
            foreach (string fault in Namespaces(metadata["query"], worker["metadata"].Text("namespace")!)) yield return fault;
        }
    }

    /// <summary>One selector names the namespace; everything else is reckoned by namespace and joined to it.</summary>
    private static IEnumerable<string> Namespaces(string query, string name)
    {
        if (!query.StartsWith($"max by (namespace) (lopt_run_info{{namespace=\"{name}\"}})\n* on (namespace) ", StringComparison.Ordinal))
            yield return $"the workers are not scaled by the run of namespace {name}";
        string code = Comment().Replace(query, "");
        foreach (Match word in Aggregation().Matches(code)) yield return $"'{word.Value}' mixes namespaces";
        foreach (Match join in Join().Matches(code)) yield return $"'{join.Value.Trim()}' joins namespaces";
    }

    [GeneratedRegex("#.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(sum|min|max|avg|count)\b(?! by \(namespace\) \().*")]
    private static partial Regex Aggregation();

    /// <summary>A joining operator on any labels but the namespace. A comparison or product with a number needs none.</summary>
    [GeneratedRegex(@"(?m)(?<=^ *|[^\d\s] )(and|or|[/+*]|>=)(?= )(?! on \(namespace\)| label_replace| \d).*")]
    private static partial Regex Join();

    /// <summary>Names of metrics in a query, each with what stands in braces behind it.</summary>
    [GeneratedRegex(@"\b(lopt_\w+)(\{[^}]*\})?")]
    public static partial Regex Selector();
}
