using System.Text.Json.Nodes;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Deploy.Tests.Kubernetes.Rules;

/// <summary>A worker's CPUs are its slots, and its memory holds what they may take.</summary>
internal static class ResourceRule
{
    /// <summary>The runtime, the program, θ, gRPC: a worker of 4 slots on the quickstart takes 330 MB in all, its slots included.</summary>
    private const double BaseMebibytes = 512;

    /// <summary>ImageNet 32×32, all images: 1,281,167 of 3,072 bytes.</summary>
    private const double FilesMebibytes = 1_281_167 * 3_072.0 / (1 << 20);

    public static IEnumerable<string> Check(Manifests manifests)
    {
        var resources = manifests.Worker.Container["resources"];
        var (requests, limits) = (resources.Map("requests"), resources.Map("limits"));
        foreach (string kind in new[] { "cpu", "memory" })
        {
            if (!requests.TryGetValue(kind, out string? request) || !limits.TryGetValue(kind, out string? limit))
                yield return $"the workers have no request or no limit of {kind}";
            else if (Quantity.Parse(request) != Quantity.Parse(limit))
                yield return $"the workers' {kind} is {request} asked for and {limit} allowed";
        }

        double slots = Quantity.Parse(limits.GetValueOrDefault("cpu", "0"));
        if (slots < 1 || slots != Math.Floor(slots)) yield return $"{slots} CPUs are no whole number of slots";
        if (manifests.Worker.Argument("slots") != limits.GetValueOrDefault("cpu"))
            yield return $"--slots is {manifests.Worker.Argument("slots")} with {limits.GetValueOrDefault("cpu")} CPUs";
        var specification = Specification(manifests);
        double needed = (slots * specification.SlotMemoryMegabytes) + BaseMebibytes + (
            specification.Dataset == DatasetKind.Files ? FilesMebibytes : 0);
        double given = Quantity.MebibytesOf(limits.GetValueOrDefault("memory", "0"));
        if (given < needed) yield return $"{given} MiB do not hold {slots} slots: {needed:F0} MiB are needed";
        if (given > 1.2 * needed) yield return $"{given} MiB are more than {slots} slots need: {needed:F0} MiB";
        if (specification.Dataset == DatasetKind.Files != manifests.Worker.Argument("data") is not null)
            yield return "--data and the preset's dataset do not go together";
        var coordinator = manifests.Coordinator.Container["resources"];
        if (coordinator.Map("limits").GetValueOrDefault("memory") is not { } most
            || coordinator.Map("requests").GetValueOrDefault("memory") != most)
        {
            yield return "the coordinator's memory is not reserved";
        }
    }

    /// <summary>The preset that the ConfigMap gives to the coordinator.</summary>
    public static RunSpecification Specification(Manifests manifests)
    {
        JsonNode map = manifests.OfKind("ConfigMap").Single(m => m.Name()!.StartsWith("lopt-preset", StringComparison.Ordinal));
        return PresetFile.Parse(map.Map("data")["preset.toml"], "preset.toml", []);
    }
}
