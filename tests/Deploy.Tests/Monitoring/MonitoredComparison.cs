using LoptCluster.ClusterTestKit;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>
/// A comparison of θ with baselines by a real coordinator, which is killed and started again, and a real worker; a real Prometheus reads
/// both.
/// </summary>
public sealed class MonitoredComparison : IAsyncLifetime
{
    /// <summary>Tasks that take a fraction of a second, and more of them than the tests wait for.</summary>
    private static readonly string[] Specification = ["comparisonTasks=3000", "innerSteps=100", "curveEverySteps=50"];

    private readonly TemporaryFolder _folder = new();
    private readonly int[] _ports = MonitoredRun.FreePorts(4);
    private readonly List<LoptProcess> _processes = [];
    private PrometheusServer? _prometheus;

    internal PrometheusServer Prometheus => PrometheusServer.OrSkip(_prometheus);

    public async ValueTask InitializeAsync()
    {
        if (Tool.Find("prometheus") is not { } program) return;
        string rules = _folder.PathOf("alerts.yml");
        await File.WriteAllTextAsync(rules, AlertRules.TextWithoutWaiting);
        _prometheus = new PrometheusServer(
            program,
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: ['{{rules}}']
            scrape_configs:
              - job_name: lopt-coordinator
                static_configs: [{ targets: ['127.0.0.1:{{_ports[1]}}'] }]
              - job_name: lopt-worker
                static_configs: [{ targets: ['127.0.0.1:{{_ports[2]}}'] }]
            """,
            _folder.Path,
            _ports[3]);
        var coordinator = await StartCoordinatorAsync();
        _processes.Add(LoptProcess.Start(
            "worker", "--coordinator", $"http://127.0.0.1:{_ports[0]}", "--slots", "1", "--metrics", $"127.0.0.1:{_ports[2]}"));
        await _prometheus.UntilAsync("lopt_comparison_tasks > 0");
        await coordinator.KillAsync();
        await _prometheus.UntilAsync("""ALERTS{alertname="LoptCoordinatorDown",alertstate="firing"}""");
        await StartCoordinatorAsync();
        await _prometheus.UntilAsync(
            """lopt_workers{state="connected"} == 1 and on () lopt_fleet_inner_steps_per_second{quantile="0"} > 0""");
    }

    public ValueTask DisposeAsync()
    {
        foreach (var process in _processes) process.Dispose();
        _prometheus?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<LoptProcess> StartCoordinatorAsync()
    {
        var process = LoptProcess.Start(
            ["coordinator", "--evaluate", "theta:mixture-train", .. Specification.SelectMany(v => new[] { "--set", v }), "--run",
                _folder.PathOf("run"), "--listen", $"127.0.0.1:{_ports[0]}", "--web", $"127.0.0.1:{_ports[1]}", "--heartbeat", "1"]);
        _processes.Add(process);
        await process.LineAsync("listening on ");
        return process;
    }
}
