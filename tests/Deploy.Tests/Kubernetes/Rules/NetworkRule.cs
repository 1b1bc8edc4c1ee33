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

    private static readonly string[] Ingress = [$"{Worker} → {Coordinator} TCP 5317", $"{Reader} → {Coordinator} TCP "
        + $"5317", $"{Reader} → {Coordinator} TCP 5318", $"{Monitoring} → {Coordinator} TCP 5318", $"{Monitoring} → {Worker} TCP 5318"];

    private static readonly string[] Egress =
    [
        $"{Worker} → {Coordinator} TCP 5317", $"{Worker} → {Dns} UDP 53", $"{Worker} → {Dns} TCP 53",
        $"{Reader} → {Coordinator} TCP 5317", $"{Reader} → {Coordinator} TCP 5318", $"{Reader} → {Dns} UDP 53", $"{Reader} → {Dns} TCP 53",
    ];

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
        foreach (string fault in Compare("in", Ingress, policies.SelectMany(p => Rules(p, "ingress", "from")))) yield return fault;
        foreach (string fault in Compare("out", Egress, policies.SelectMany(p => Rules(p, "egress", "to")))) yield return fault;
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

    private static string Peer(JsonNode peer) => peer["namespaceSelector"] is { } ns
        ? $"namespace {ns.Map("matchLabels").GetValueOrDefault("kubernetes.io/metadata.name", "any")}"
        + (peer["podSelector"] is null ? "" : ", some pods")
        : Labels(peer.Map("podSelector/matchLabels"));

    private static string Labels(IReadOnlyDictionary<string, string> labels) =>
        string.Join(
            ",",
            labels.Where(l => l.Key != "app.kubernetes.io/name").Select(
                l => $"{l.Key.Replace("app.kubernetes.io/", "", StringComparison.Ordinal)}={l.Value}"));
}
