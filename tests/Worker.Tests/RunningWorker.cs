using LoptCluster.ClusterTestKit;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;

namespace LoptCluster.Worker.Tests;

/// <summary>The real worker in this process.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    private readonly ScriptedCoordinator _coordinator;

    private RunningWorker(ScriptedCoordinator coordinator, WorkerOptions options)
    {
        _coordinator = coordinator;
        Exit = Task.Run(() => WorkerProgram.RunAsync(options, _stop.Token));
    }

    /// <summary>Exit status, or the error that ended it.</summary>
    public Task<int> Exit { get; }

    public static RunningWorker Start(ScriptedCoordinator coordinator, int slots = 1, string? token = null, string id = "w") =>
        new(coordinator, new WorkerOptions { Coordinator = coordinator.Address, Slots = slots, Token = token, WorkerId = id });

    /// <summary>A worker that has joined and has been welcomed.</summary>
    public static async Task<(RunningWorker Worker, WorkerConnection Connection)> JoinAsync(
        ScriptedCoordinator coordinator, RunSpecification specification, long thetaVersion = 0, int slots = 1, string id = "w")
    {
        var worker = Start(coordinator, slots, id: id);
        var connection = await coordinator.AcceptAsync();
        connection.Welcome(specification, SmallRun.Theta(thetaVersion));
        return (worker, connection);
    }

    /// <summary>Stops the worker as SIGTERM does.</summary>
    public void Stop() => _stop.Cancel();

    public async Task<int> ExitAsync() => await Exit.WaitAsync(ScriptedCoordinator.Patience);

    public async ValueTask DisposeAsync()
    {
        // No farewell: nobody would acknowledge what a test left open.
        _coordinator.CutConnections();
        await _stop.CancelAsync();
        await Task.WhenAny(Exit, Task.Delay(ScriptedCoordinator.Patience));
        _stop.Dispose();
    }
}
