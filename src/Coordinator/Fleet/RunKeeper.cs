using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Run;
using LoptCluster.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>
/// Opens the runs of the process, each when its turn comes, shares the workers among them, and ends the process when nothing is left to do.
/// </summary>
internal sealed class RunKeeper(
    RunHosts runs, WorkerPlaces places, CoordinatorOptions options, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<RunKeeper> log) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Rounds from one balance to the next: a worker that moves loses what it has begun, so passing differences are not worth a move.
    /// </summary>
    private const int RoundsBetweenMoves = 4;

    private bool _isStopping;

    /// <summary>The runs stand where their files do before the server takes calls.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!runs.IsStudy) await runs.Open.Single().StartAsync(OnEnd, cancellationToken);
        else await OpenFirstAsync(cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Workers hand back their states while the server still takes their calls.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await Task.WhenAll(runs.Open.Select(r => r.StopAsync()));
        Report();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!runs.IsStudy) return;
        // Workers that outlived an earlier process come back to their runs first.
        var balancedAt = time.GetUtcNow() + options.LostWorkerGrace - (RoundsBetweenMoves * Interval);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken) && !_isStopping)
        {
            await OpenNextAsync(stoppingToken);
            Report();
            if (time.GetUtcNow() - balancedAt >= RoundsBetweenMoves * Interval)
            {
                balancedAt = time.GetUtcNow();
                places.Balance();
            }

            if (options.ExitWhenFinished && runs.All.All(r => r.IsOver) && places.IsEmpty) lifetime.StopApplication();
        }
    }

    /// <summary>Opens the runs that an earlier process has trained, which serve their θ, and those that train first.</summary>
    private async Task OpenFirstAsync(CancellationToken cancellation)
    {
        foreach (var (asked, run) in options.Study!.Runs.Zip(runs.All))
        {
            if (run.IsWaiting && RecordedRun.Find(asked.RunDirectory) is { IsTrained: true }) await OpenAsync(run, cancellation);
        }

        await OpenNextAsync(cancellation);
    }

    /// <summary>Opens runs up to the number that train at a time.</summary>
    private async Task OpenNextAsync(CancellationToken cancellation)
    {
        while (runs.Open.Count(r => !r.Need.IsOver) < options.Study!.Parallel && runs.All.FirstOrDefault(r => r.IsWaiting) is { } next)
            await OpenAsync(next, cancellation);
    }

    private async Task OpenAsync(ServedRun run, CancellationToken cancellation)
    {
        try
        {
            await run.Open().StartAsync(OnEnd, cancellation);
        }
        catch (Exception e) when (e is UserErrorException or SqliteException or IOException or UnauthorizedAccessException)
        {
            run.Fail(e.Message);
            FleetLog.NotOpened(log, run.Name, e.Message);
        }
    }

    private void Report()
    {
        if (options.Study is { } study) study.OnStandings(RunStandings.Of(runs));
    }

    /// <summary>A loop has ended. Without any the process has nothing to do.</summary>
    private void OnEnd()
    {
        if (runs.All.All(r => !r.IsWaiting && r.Host is null or { HasEnded: true })) lifetime.StopApplication();
    }
}
