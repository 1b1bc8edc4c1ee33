using System.Threading.Channels;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Loop;

/// <summary>
/// The one writer of θ and of the run's file: reads events from a bounded channel, group by group, with one commit per group.
/// </summary>
/// <remarks>
/// The channel waits when it is full: that is the back-pressure on workers. Whatever arrives during a commit is handled meanwhile and makes
/// the next group, so that the cost of being durable is shared. On the way down workers are drained before the server stops
/// (<see cref="StoppingAsync"/>).
/// </remarks>
internal sealed class RunLoop(
    RunCore core, RunRestorer restorer, HelloInspector hellos, FilePatience file, RunQueue queue, RunFailure failure,
    ServingLifetime serving, TimeProvider time,
    IHostApplicationLifetime lifetime, CoordinatorOptions options, ILogger<RunLoop> log)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>As many as the queue holds: the more samples share a commit, the less of it each of them takes.</summary>
    private const int LargestGroup = 1024;
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(15);

    /// <summary>The run stands where its file does before the server takes calls.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        file.Stopping = lifetime.ApplicationStopping;
        restorer.Restore();
        core.Start();
        return hellos.Ready;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Workers hand back their states while the server still takes their calls.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (failure.Exception is not null) return;
            var drain = new DrainRequested("the coordinator stops", StopProcess: false);
            await queue.Writer.WriteAsync(drain, cancellationToken);
            // Without workers the run is drained before the status says so.
            await Task.WhenAny(Task.WhenAll(core.Drained, drain.Done.Task), ExecuteTask!).WaitAsync(DrainLimit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            CoordinatorLog.DrainTimedOut(log, DrainLimit.TotalSeconds);
        }
        catch (ChannelClosedException)
        {
            // The loop has failed meanwhile, and reports why itself.
        }
        finally
        {
            serving.End();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TickInterval, time);
        var ticks = TickAsync(timer, stoppingToken);
        _ = core.StopRequested.ContinueWith(
            _ => lifetime.StopApplication(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await HandleAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A stop is no failure: what was acknowledged is committed.
        }
        catch (Exception e)
        {
            failure.Exception = RunFileFault.Find(e)?.AtEnd(options.RunDirectory, e) ?? e;
            throw;
        }
        finally
        {
            queue.Writer.TryComplete();
            await ticks;
        }
    }

    private async Task HandleAsync(CancellationToken stopping)
    {
        while (await queue.Reader.WaitToReadAsync(stopping))
        {
            int handled = Handle(0);
            while (handled > 0)
            {
                var group = core.End();
                var commit = group.HasWrites ? Task.Run(group.Commit, CancellationToken.None) : Task.CompletedTask;
                try
                {
                    handled = stopping.IsCancellationRequested ? 0 : await HandleDuringAsync(commit);
                }
                finally
                {
                    await commit;
                }

                group.Publish();
            }
        }
    }

    /// <summary>Handles the events of the next group that arrive during a commit.</summary>
    /// <returns>How many these are.</returns>
    private async Task<int> HandleDuringAsync(Task commit)
    {
        int handled = 0;
        while (!commit.IsCompleted && handled < LargestGroup)
        {
            handled = Handle(handled, commit);
            if (queue.Reader.Count == 0) await Task.WhenAny(commit, queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask());
        }

        return handled;
    }

    /// <summary>Handles events until there are none, the group is full, or a commit has ended.</summary>
    private int Handle(int handled, Task? commit = null)
    {
        while (handled < LargestGroup && commit is not { IsCompleted: true } && queue.Reader.TryRead(out var e))
        {
            core.Handle(e);
            handled++;
        }

        return handled;
    }

    private async Task TickAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation)) await queue.Writer.WriteAsync(new ClockTicked(), cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The loop has ended.
        }
    }
}
