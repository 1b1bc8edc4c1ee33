using LoptCluster.ClusterTestKit;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>One real coordinator that serves the two runs of a study, and a real Prometheus that reads it.</summary>
public sealed class MonitoredStudy : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly int[] _ports = MonitoredRun.FreePorts(4);
    private readonly List<LoptProcess> _processes = [];
    private PrometheusServer? _prometheus;

    internal PrometheusServer Prometheus => PrometheusServer.OrSkip(_prometheus);

    public async ValueTask InitializeAsync()
    {
        if (Tool.Find("prometheus") is not { } program) return;
        string study = _folder.PathOf("study.toml");
        await File.WriteAllTextAsync(study, """
            name = "batches"
            [set]
            imageSize = 6
            hiddenUnits = [8]
            minibatchSize = 8
            innerSteps = 200
            truncationFirst = 6
            truncationLast = 20
            outerUpdates = 1000000
            [axes]
            batchSamples = [4, 8]
            """);
        _prometheus = new PrometheusServer(
            program,
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: lopt-coordinator
                static_configs: [{ targets: ['127.0.0.1:{{_ports[1]}}'] }]
              - job_name: lopt-worker
                static_configs: [{ targets: ['127.0.0.1:{{_ports[2]}}'] }]
            """,
            _folder.Path,
            _ports[3]);
        _processes.Add(LoptProcess.Start(
            "coordinator", "--study", study, "--run", _folder.PathOf("runs"), "--listen", $"127.0.0.1:{_ports[0]}", "--web",
            $"127.0.0.1:{_ports[1]}"));
        _processes.Add(LoptProcess.Start(
            "worker", "--coordinator", $"http://127.0.0.1:{_ports[0]}", "--slots", "1", "--metrics", $"127.0.0.1:{_ports[2]}"));
        await _prometheus.UntilAsync("count(lopt_run_info) == 2 and on () sum(increase(lopt_samples_total[10s])) > 0");
    }

    public ValueTask DisposeAsync()
    {
        foreach (var process in _processes) process.Dispose();
        _prometheus?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
