using LoptCluster.Chaos.Failures.Networks;
using LoptCluster.Chaos.Measuring;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Failures;

/// <summary>A coordinator and workers as real processes, each worker behind a link of its own, to which failures are done.</summary>
internal sealed class FaultyFleet(int workers, string[] values, IFaultyNetwork network, Acknowledgements acknowledgements)
    : IAsyncDisposable
{
    /// <summary>Of the fleet, lost at once.</summary>
    private const double Share = 0.3;

    private readonly Fleet _fleet = new([.. values])
    {
        Host = network.CoordinatorHost,
    };

    private readonly List<(IFaultyLink Link, LoptProcess Process)> _workers = [];
    private readonly List<Task> _locks = [];
    private LoptProcess? _coordinator;

    public string RunDirectory => _fleet.RunDirectory;

    public RunFile File => new(RunDirectory);

    public async Task StartAsync()
    {
        _coordinator = await StartCoordinatorAsync();
        for (int i = 0; i < workers; i++)
        {
            var link = network.Join(_fleet.Address.Port);
            _workers.Add((link, StartWorker(link)));
        }
    }

    /// <returns>Failures that it is: each process that is killed is one.</returns>
    public async Task<int> SufferAsync(Failure failure)
    {
        var (link, process) = _workers[failure.Worker];
        switch (failure.Kind)
        {
            case FailureKind.WorkerKilled:
                await KillAsync(failure.Worker);
                break;
            case FailureKind.ShareOfFleetKilled:
                int[] killed = [.. Enumerable.Range(failure.Worker, (int)Math.Ceiling(Share * workers)).Select(i => i % workers)];
                await Task.WhenAll(killed.Select(KillAsync));
                return killed.Length;
            case FailureKind.CoordinatorKilled:
                await _coordinator!.KillAsync();
                _coordinator = await StartCoordinatorAsync();
                break;
            case FailureKind.WorkerStopped:
                Stop(process, failure.Time);
                break;
            case FailureKind.CoordinatorStopped:
                Stop(_coordinator!, failure.Time);
                break;
            case FailureKind.FileLocked:
                _locks.Add(Task.Run(() => LockFileAsync(failure.Time)));
                break;
            case FailureKind.ConnectionsCut:
                link.Cut();
                break;
            case FailureKind.UpwardsClosed:
                link.CloseUp(failure.Time);
                break;
            case FailureKind.DownwardsClosed:
                link.CloseDown(failure.Time);
                break;
            case FailureKind.Separated:
                link.Separate(failure.Time);
                break;
            case FailureKind.Delayed:
                link.Delay(failure.Time);
                break;
            case FailureKind.ConnectionsReordered:
                await link.ReorderAsync(failure.Time, failure.Pause);
                break;
        }

        return 1;
    }

    /// <summary>Waits until the run has got on.</summary>
    public Task<Status> AdvanceAsync(long updates) => _fleet.UpdateAsync(updates);

    /// <summary>From now on nothing fails; waits until all workers are back and the run has got on.</summary>
    public async Task<Status> HealAsync()
    {
        foreach (var (link, process) in _workers)
        {
            link.Heal();
            process.Continue();
        }

        _coordinator!.Continue();
        await Task.WhenAll(_locks);
        var status = await _fleet.StatusAsync(s => s.Workers.Count(w => w.State != "lost") == workers);
        return await _fleet.UpdateAsync(status.OuterUpdate + 10);
    }

    /// <summary>Ends all processes by SIGTERM.</summary>
    /// <returns>Their exit statuses.</returns>
    public async Task<int[]> EndAsync()
    {
        var ended = new List<int>();
        foreach (var (_, process) in _workers) ended.Add(await process.TerminateAsync());
        ended.Add(await _coordinator!.TerminateAsync());
        return [.. ended];
    }

    /// <summary>Another command on the run.</summary>
    public LoptProcess Start(params string[] arguments) => _fleet.Start(null, arguments);

    public async ValueTask DisposeAsync()
    {
        _fleet.Dispose();
        foreach (var (link, _) in _workers) await link.DisposeAsync();
        await network.DisposeAsync();
    }

    private async Task KillAsync(int worker)
    {
        var (link, process) = _workers[worker];
        await process.KillAsync();
        _workers[worker] = (link, StartWorker(link));
    }

    private async Task LockFileAsync(TimeSpan time)
    {
        using var locked = File.Lock();
        await Task.Delay(time);
    }

    private Task<LoptProcess> StartCoordinatorAsync() => _fleet.StartCoordinatorAsync("--insecure");

    private LoptProcess StartWorker(IFaultyLink link) => _fleet.Add(LoptProcess.Start(
        ["worker", "--coordinator", link.Coordinator.AbsoluteUri, "--insecure", "--slots", "2", "--verbose"],
        _fleet.Environment, acknowledgements.Read, link.Within));

    private static void Stop(LoptProcess process, TimeSpan time)
    {
        process.Suspend();
        _ = Task.Delay(time).ContinueWith(_ => process.Continue(), TaskScheduler.Default);
    }
}
