using System.Text.Json.Nodes;

namespace LoptCluster.Deploy.Tests.Kubernetes.Rules;

/// <summary>Who may speak with whom: the list is complete and closed.</summary>
internal static class NetworkRule
{
    private const string Coordinator = "component=coordinator";
    private const string Worker = "component=worker";
    private const string Reader = "lopt-access=reader";
    private const string Monitoring = "namespace monitoring";
    private const string Dns = "namespace kube-system";

    private const string Export = "component=export";

    private static readonly string[] Anywhere = ["0.0.0.0/0", "::/0"];

    private static readonly string[] Ingress =
    [
        $"{Worker} → {Coordinator} TCP 5317", $"{Reader} → {Coordinator} TCP 5317", $"{Reader} → {Coordinator} TCP 5318",
        $"{Monitoring} → {Coordinator} TCP 5318", $"{Monitoring} → {Worker} TCP 5318",
    ];

    private static readonly string[] Egress =
    [
        $"{Worker} → {Coordinator} TCP 5317", $"{Worker} → {Dns} UDP 53", $"{Worker} → {Dns} TCP 53",
        $"{Reader} → {Coordinator} TCP 5317", $"{Reader} → {Coordinator} TCP 5318", $"{Reader} → {Dns} UDP 53", $"{Reader} → {Dns} TCP 53",
    ];

    /// <summary>With a load balancer for clients outside.</summary>
    private static readonly string[] OutsideIngress =
        [.. from net in Anywhere from port in new[] { 5317, 5318 } select $"{net} → {Coordinator} TCP {port}"];

    /// <summary>With metrics and traces by OTLP.</summary>
    private static readonly string[] TelemetryEgress =
    [
        $"{Coordinator} → {Monitoring} TCP 4317", $"{Coordinator} → {Dns} UDP 53", $"{Coordinator} → {Dns} TCP 53",
        $"{Worker} → {Monitoring} TCP 4317",
    ];

    /// <summary>With the job that takes θ to object storage.</summary>
    private static readonly string[] ExportEgress = [.. Anywhere.Select(net => $"{Export} → {net} TCP 443")];

    public static IEnumerable<string> Check(Manifests manifests)
    {
        var policies = manifests.OfKind("NetworkPolicy").ToList();
        if (!policies.Any(p => p.At("spec/podSelector") is JsonObject { Count: 0 } && Types(p).Order().SequenceEqual(
        [
            "Egress", "Ingress",
        ]) && p["spec"]!["ingress"] is null && p["spec"]!["egress"] is null))
            yield return "nothing is denied by default";
        foreach (var policy in policies.Where(p => p["spec"]!["ingress"] is not null != Types(p).Contains("Ingress")
            && p.At("spec/podSelector") is JsonObject { Count: > 0 }))
        {
            yield return $"{policy.Title()} has rules of a type that it does not name";
        }
        bool outside = manifests.OfKind("Service").Any(s => s.At("spec").Text("type") is not null);
        bool telemetry = manifests.Coordinator.Container.Items("env").Any(e => e.Text("name") == "OTEL_EXPORTER_OTLP_ENDPOINT");
        string[] ingress = [.. Ingress, .. outside ? OutsideIngress : []];
        string[] egress = [.. Egress, .. telemetry ? TelemetryEgress : [], .. manifests.OfKind("CronJob").Any() ? ExportEgress : []];
        foreach (string fault in Compare("in", ingress, policies.SelectMany(p => Rules(p, "ingress", "from")))) yield return fault;
        foreach (string fault in Compare("out", egress, policies.SelectMany(p => Rules(p, "egress", "to")))) yield return fault;
    }

    private static IEnumerable<string> Compare(string way, IEnumerable<string> wanted, IEnumerable<string> given)
    {
        var list = given.ToList();
        return wanted.Except(list).Select(r => $"{way}: {r} is not let through").Concat(
            list.Except(wanted).Select(r => $"{way}: {r} is let through"));
    }

    private static IEnumerable<string> Types(JsonNode policy) => policy.Items("spec/policyTypes").Select(t => t.ToString());

    private static IEnumerable<string> Rules(JsonNode policy, string direction, string side)
    {
        string self = Labels(policy.Map("spec/podSelector/matchLabels"));
        foreach (var rule in policy.Items("spec/" + direction))
        {
            var peers = rule.Items(side).Select(Peer).DefaultIfEmpty("anybody");
            var ports = rule.Items("ports").Select(p => $"{p.Text("protocol")} {p.Text("port")}").DefaultIfEmpty("any port");
            foreach (string peer in peers)
                foreach (string port in ports) yield return side == "from" ? $"{peer} → {self} {port}" : $"{self} → {peer} {port}";
        }
    }

    private static string Peer(JsonNode peer) => peer.At("ipBlock/cidr")?.ToString() ?? PodsOf(peer);

    private static string PodsOf(JsonNode peer) => peer["namespaceSelector"] is { } ns
        ? $"namespace {ns.Map("matchLabels").GetValueOrDefault("kubernetes.io/metadata.name", "any")}"
        + (peer["podSelector"] is null ? "" : ", some pods")
        : Labels(peer.Map("podSelector/matchLabels"));

    private static string Labels(IReadOnlyDictionary<string, string> labels) =>
        string.Join(
            ",",
            labels.Where(l => l.Key != "app.kubernetes.io/name").Select(
                l => $"{l.Key.Replace("app.kubernetes.io/", "", StringComparison.Ordinal)}={l.Value}"));
}
