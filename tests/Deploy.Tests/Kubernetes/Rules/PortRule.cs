using System.Globalization;

namespace LoptCluster.Deploy.Tests.Kubernetes.Rules;

/// <summary>A port has one number, from the program's argument over the container, the probe and the policy to the Service.</summary>
internal static class PortRule
{
    private const int Grpc = 5317;
    private const int Web = 5318;
    private const int Health = 5319;

    public static IEnumerable<string> Check(Manifests manifests)
    {
        var coordinator = manifests.Coordinator;
        var worker = manifests.Worker;
        foreach (string fault in Listeners(coordinator, ("listen", "grpc", Grpc), ("web", "web", Web), ("health", "health", Health)))
            yield return fault;
        foreach (string fault in Listeners(worker, ("metrics", "metrics", Web), ("health", "health", Health))) yield return fault;
        foreach (var service in manifests.OfKind("Service"))
        {
            foreach (var port in service.Items("spec/ports"))
            {
                var target = port.Text("targetPort");
                if (coordinator.PortOf(target) is not { } number)
                    yield return $"{service.Title()} leads to port {target}, which the coordinator does not have";
                else if (port.Text("port") != number.ToString(CultureInfo.InvariantCulture))
                    yield return $"{service.Title()} has port {port.Text("port")} for {target} {number}";
            }
        }

        foreach (var monitor in manifests.OfKind("PodMonitor"))
        {
            var workload = manifests.Workloads.First(w => w.Document.Name() == monitor.Name());
            foreach (var endpoint in monitor.Items("spec/podMetricsEndpoints"))
                if (workload.PortOf(endpoint.Text("port")) != Web)
                    yield return $"{monitor.Title()} reads port {endpoint.Text("port")}, not the one with /metrics";
        }

        foreach (string fault in Callee(manifests)) yield return fault;
    }

    private static IEnumerable<string> Listeners(Workload workload, params (string Argument, string Port, int Number)[] listeners)
    {
        foreach (var (argument, port, number) in listeners)
        {
            if (workload.Argument(argument) != $"[::]:{number}")
            {
                yield return $"{workload.Title}: --{argument} is {workload.Argument(argument)}, not [::]:{number}, "
                    + "all addresses of IPv4 and IPv6";
            }

            if (workload.PortOf(port) != number) yield return $"{workload.Title}: port {port} is {workload.PortOf(port)}, not {number}";
        }

        if (workload.Ports.Count() != listeners.Length)
            yield return $"{workload.Title} names {workload.Ports.Count()} ports and listens on {listeners.Length}";
    }

    /// <summary>The workers' --coordinator is a Service that leads there, by https where the coordinator has a certificate.</summary>
    private static IEnumerable<string> Callee(Manifests manifests)
    {
        if (!Uri.TryCreate(manifests.Worker.Argument("coordinator"), UriKind.Absolute, out var url))
        {
            yield return "the workers have no --coordinator";
            yield break;
        }

        if (manifests.Find("Service", url.Host) is not { } service
            || service.Items("spec/ports").All(p => p.Text("port") != url.Port.ToString(CultureInfo.InvariantCulture)))
            yield return $"the workers call {url}, which is no Service";
        bool tls = manifests.Coordinator.Argument("tls-cert") is not null;
        string scheme = tls ? "https" : "http";
        if (url.Scheme != scheme) yield return $"the workers call {url} of a coordinator that speaks {scheme}";
        bool both = manifests.Workloads.All(w => w.Arguments.Contains("--insecure")), neither = manifests.Workloads.All(
            w => !w.Arguments.Contains("--insecure"));
        if (tls ? !neither : !both) yield return $"--insecure does not go with {scheme}";
        var monitor = manifests.Find("PodMonitor", "lopt-coordinator");
        if (monitor is not null && (monitor.At("spec/podMetricsEndpoints/0").Text("scheme") ?? "http") != scheme)
            yield return $"{monitor.Title()} does not read by {scheme}";
        foreach (var port in manifests.OfKind("Service").SelectMany(s => s.Items("spec/ports")))
        {
            string plain = port.Text("name") == "grpc" ? "kubernetes.io/h2c" : "http";
            if (port.Text("appProtocol") is { } protocol && protocol != (tls ? "https" : plain))
                yield return $"port {port.Text("name")} is said to speak {protocol}";
        }
    }
}
