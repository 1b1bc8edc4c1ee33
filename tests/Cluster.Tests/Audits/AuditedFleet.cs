using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using LoptCluster.Worker;

namespace LoptCluster.Cluster.Tests.Audits;

/// <summary>A real coordinator and real workers in this process; messages of some workers are changed on the way.</summary>
internal sealed class AuditedFleet(RunSpecification specification) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TamperingProxy> _proxies = [];
    private readonly List<Task<string>> _workers = [];
    private RunningCoordinator? _coordinator;

    public RunningCoordinator Coordinator => _coordinator ?? throw new InvalidOperationException("The fleet has not been started.");

    public RunFile File => new(_folder.Path);

    /// <summary>Starts the coordinator, or starts it again on the same run and port.</summary>
    public async Task StartAsync()
    {
        string listen = _coordinator is { } before ? new Uri(before.Address).Authority : "127.0.0.1:0";
        if (_coordinator is not null) await _coordinator.StopAsync();
        _coordinator = await RunningCoordinator.StartAsync(
            _folder, specification, o => o with { Listen = listen, HeartbeatInterval = TimeSpan.FromSeconds(2) });
    }

    public AuditedWorker StartWorker(string id, int slots = 1, string? address = null)
    {
        var options = new WorkerOptions { Coordinator = address ?? Coordinator.Address, Slots = slots, WorkerId = id };
        var worker = Task.Run(async () =>
        {
            try
            {
                await WorkerProgram.RunAsync(options, _stop.Token);
                return "";
            }
            catch (UserErrorException e)
            {
                return e.Message;
            }
        });
        _workers.Add(worker);
        return new AuditedWorker(worker);
    }

    /// <summary>A worker that tells lies.</summary>
    public async Task<AuditedWorker> StartLiarAsync(string id, Lies lies, int slots = 1)
    {
        var proxy = await TamperingProxy.StartAsync(Coordinator.Address, lies.Change);
        _proxies.Add(proxy);
        return StartWorker(id, slots, proxy.Address);
    }

    public async Task<Quarantine> QuarantineAsync() => await Coordinator.Operations.GetQuarantineAsync(new GetQuarantineRequest());

    /// <summary>Waits until what the audits have found satisfies the condition.</summary>
    public async Task<Quarantine> QuarantineAsync(Func<Quarantine, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            var quarantine = await QuarantineAsync();
            if (condition(quarantine)) return quarantine;
            if (limit.IsCancellationRequested) throw new TimeoutException($"The audits found: {quarantine}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers).WaitAsync(TimeSpan.FromSeconds(60));
        foreach (var proxy in _proxies) await proxy.DisposeAsync();
        if (_coordinator is not null) await _coordinator.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
    }
}

/// <param name="LastWords">What the worker says to its user at its end; "" after one in order.</param>
internal sealed record AuditedWorker(Task<string> LastWords);
