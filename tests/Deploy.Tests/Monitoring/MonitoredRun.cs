using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using LoptCluster.ClusterTestKit;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.Hosting.Connections;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Monitoring;

/// <summary>
/// A run that is watched by a real Prometheus, to which everything happened that the dashboards show: evaluations, refusals, workers that
/// return, leave and are killed, the coordinator killed and back, a certificate near its end. Real processes on loopback; under a minute.
/// </summary>
public sealed class MonitoredRun : IAsyncLifetime
{
    /// <summary>More than the alert on refusals tolerates.</summary>
    private const int Refusals = 15;

    /// <summary>
    /// A net so small that tens of outer-updates take a second, and an evaluation no longer. θ holds hyper-parameters: a panel shows them.
    /// </summary>
    private static readonly string[] Specification =
    [
        "imageSize=6", "hiddenUnits=[8]", "minibatchSize=8", "innerSteps=200", "truncationFirst=6", "truncationLast=20",
        "truncationRampUpdates=1000", "batchSamples=8",
        "outerUpdates=1000000", "evaluateEveryUpdates=100", "evaluationTasks=2", "optimizer=adam",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly List<LoptProcess> _processes = [];
    private readonly int[] _ports = FreePorts(6);
    private PrometheusServer? _prometheus;
    private string _certificate = "";
    private string _key = "";

    private string Address => $"https://127.0.0.1:{_ports[0]}";

    private string Authority => _folder.PathOf("ca.pem");

    internal PrometheusServer Prometheus => PrometheusServer.OrSkip(_prometheus);

    public async ValueTask InitializeAsync()
    {
        if (Tool.Find("prometheus") is not { } program) return;
        var authority = TestAuthority.Root("authority");
        await File.WriteAllTextAsync(Authority, authority.Pem);
        (_certificate, _key) = authority.Issue("127.0.0.1").Write(_folder, "server");
        _prometheus = new PrometheusServer(program, Configuration(), _folder.Path, _ports[5]);
        var coordinator = await StartCoordinatorAsync();
        // The first evaluation is of θ as it begins: Prometheus has to be there before, to see a better one follow.
        await UntilAsync("lopt_run_info");
        var workers = Enumerable.Range(2, 3).Select(StartWorker).ToList();
        await UntilAsync("count(lopt_evaluation_loss) == 4 and on () changes(lopt_evaluation_best_version[1m]) > 0");
        await UntilAsync("count(lopt_worker_problems > 1) == 3");

        await HandBackStatesAsync(coordinator, workers[1], 3);
        await workers[2].KillAsync();
        await UntilAsync("""lopt_workers_left_total > 0 and lopt_workers_lost_total > 0 and on () lopt_workers{state="connected"} == 1""");
        await UntilAsync("sum(lopt_worker_replays_total) > 0");

        for (int i = 0; i < Refusals; i++) await RefuseAsync();
        await ReturnAsync();
        await UntilAsync("lopt_workers_returned_total > 0 and on () sum(lopt_refusals_total) > 0");

        await coordinator.KillAsync();
        await UntilAsync("""ALERTS{alertname="LoptCoordinatorDown",alertstate="firing"}""");
        await StartCoordinatorAsync();
        await UntilAsync("""lopt_workers{state="connected"} == 1 and on () increase(lopt_outer_updates_total[5s]) > 0""");
        await UntilAsync("changes(lopt_evaluation_loss[10s]) > 0");
    }

    public ValueTask DisposeAsync()
    {
        foreach (var process in _processes) process.Dispose();
        _prometheus?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task UntilAsync(string expression)
    {
        try
        {
            await _prometheus!.UntilAsync(expression);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{string.Join("\n---\n", _processes.Select(p => p.Output))}");
        }
    }

    private async Task<LoptProcess> StartCoordinatorAsync()
    {
        var process = LoptProcess.Start(
            ["coordinator", "--preset", "quickstart", .. Specification.SelectMany(v => new[] { "--set", v }), "--run",
                _folder.PathOf("run"),
            "--listen", $"127.0.0.1:{_ports[0]}", "--web", $"127.0.0.1:{_ports[1]}", "--lost-worker-grace", "2", "--heartbeat", "1",
            "--tls-cert", _certificate, "--tls-key", _key]);
        _processes.Add(process);
        await process.LineAsync("listening on ");
        return process;
    }

    private LoptProcess StartWorker(int port)
    {
        var process = LoptProcess.Start(
            "worker", "--coordinator", Address, "--ca", Authority, "--slots", "1", "--metrics", $"127.0.0.1:{_ports[port]}");
        _processes.Add(process);
        return process;
    }

    /// <summary>
    /// Terminates a worker, and others on its port, until one has handed back a state: a problem in its first truncation has none.
    /// </summary>
    private async Task HandBackStatesAsync(LoptProcess coordinator, LoptProcess worker, int port)
    {
        for (int left = 1; ; left++)
        {
            Assert.Equal(0, await worker.TerminateAsync());
            string[] goodbyes = await coordinator.LinesAsync("states handed back", left);
            if (!goodbyes[^1].Contains("; 0 states", StringComparison.Ordinal)) return;
            worker = StartWorker(port);
            await worker.LineAsync("Joined run");
            await UntilAsync($$"""lopt_worker_samples_total{instance="127.0.0.1:{{_ports[port]}}"} > 5""");
        }
    }

    private GrpcChannel OpenChannel()
    {
        var tls = new ClientTls(new ClientTlsOptions { AuthorityFile = Authority });
        var handler = tls.Over(new SocketsHttpHandler(), new Uri(Address));
        return GrpcChannel.ForAddress(Address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    /// <summary>A worker of another release tries to join.</summary>
    private async Task RefuseAsync()
    {
        using var channel = OpenChannel();
        await using var old = await ScriptedWorker.HelloAsync(channel, hello => (hello.WorkerId, hello.EngineVersion) = ("old", "0"));
        Assert.Equal(RejectReason.WrongEngineVersion, (await old.ExpectAsync(m => m.Reject)).Reason);
    }

    /// <summary>A worker that connects again before the coordinator has noticed that it was gone.</summary>
    private async Task ReturnAsync()
    {
        using var channel = OpenChannel();
        await using var before = await ScriptedWorker.JoinAsync(channel, hello => hello.WorkerId = "twice");
        await using var after = await ScriptedWorker.JoinAsync(channel, hello => hello.WorkerId = "twice");
    }

    /// <summary>The jobs of deploy/prometheus, each second; our rules, except that alerts do not wait.</summary>
    private string Configuration()
    {
        string rules = _folder.PathOf("alerts.yml");
        File.WriteAllText(rules, AlertRules.TextWithoutWaiting);
        string workers = string.Join(", ", _ports[2..5].Select(p => $"'127.0.0.1:{p}'"));
        return $"""
            global: {"{ scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }"}
            rule_files: ['{rules}']
            scrape_configs:
              - job_name: lopt-coordinator
                scheme: https
                tls_config: {"{ ca_file: '" + Authority + "' }"}
                static_configs: [{"{ targets: ['127.0.0.1:" + _ports[1] + "'] }"}]
              - job_name: lopt-worker
                static_configs: [{"{ targets: [" + workers + "] }"}]
            """;
    }

    internal static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
