using LoptCluster.Deploy.Tests.Kubernetes.Rules;

namespace LoptCluster.Deploy.Tests.Kubernetes;

/// <summary>All rules by name.</summary>
internal static class ManifestRules
{
    public static IReadOnlyDictionary<string, Func<Manifests, IEnumerable<string>>> All { get; } =
        new Dictionary<string, Func<Manifests, IEnumerable<string>>>
        {
            ["selectors"] = SelectorRule.Check,
            ["ports"] = PortRule.Check,
            ["probes"] = ProbeRule.Check,
            ["mounts"] = MountRule.Check,
            ["resources"] = ResourceRule.Check,
            ["security"] = SecurityRule.Check,
            ["network"] = NetworkRule.Check,
            ["lifecycle"] = LifecycleRule.Check,
            ["scaling"] = ScalingRule.Check,
        };
}
