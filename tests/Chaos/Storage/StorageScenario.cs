using System.Diagnostics;
using LoptCluster.Chaos.Measuring;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Storage;

/// <summary>A run whose file cannot be written for a while, again and again, and what must hold afterwards.</summary>
internal sealed class StorageScenario(int times, int seed, TextWriter output)
{
    private const int BatchSamples = 4, Workers = 2, UpdatesBetween = 3;

    private readonly Judgement _judgement = new(output);
    private readonly Random _random = new(seed);
    private readonly Acknowledgements _acknowledgements = new();

    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        using var fleet = new Fleet("mode=asynchronous", "outerUpdates=100000000", "innerSteps=120");
        var coordinator = await fleet.StartCoordinatorAsync();
        var workers = Enumerable.Range(0, Workers).Select(_ => StartWorker(fleet)).ToList();
        var status = await fleet.UpdateAsync(UpdatesBetween);
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < times; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            status = await SufferAsync(fleet, "its disk is full", FillAsync);
            status = await SufferAsync(fleet, "is locked by another program", stands => LockAsync(fleet, stands));
            if ((i + 1) % 5 == 0) await TellAsync(i + 1, status.OuterUpdate);
        }

        await output.WriteLineAsync(
            $"  {times} full disks and {times} locked files in {watch.Elapsed.TotalSeconds:0} s; each time the status said so, and "
                + "training went on by itself");
        var ended = new List<int>();
        foreach (var process in workers.Append(coordinator)) ended.Add(await process.TerminateAsync());
        _judgement.OfEnd([.. ended]);
        var file = new RunFile(fleet.RunDirectory);
        _judgement.OfFile(file, BatchSamples);
        _judgement.OfAcknowledged(file, _acknowledgements);
        await _judgement.OfReplayAsync(fleet.Start(null, "replay", fleet.RunDirectory));
        return _judgement.Holds;
    }

    private Task TellAsync(int done, long update) =>
        output.WriteLineAsync($"  {done} times each, update {update}, {_acknowledgements.Count} acknowledgements");

    /// <summary>A fault that lasts until the status has told of it and for up to 2 s more; then the run must get on.</summary>
    private async Task<Status> SufferAsync(Fleet fleet, string words, Func<Task, Task> fault)
    {
        var told = fleet.StatusAsync(s => s.State == RunState.Interrupted
            && s.Notices.Any(n => n.Severity == NoticeSeverity.Problem && n.Text.Contains(words, StringComparison.Ordinal)));
        await fault(StandsAsync());
        var status = await fleet.StatusAsync(s => s.State == RunState.Running);
        return await fleet.UpdateAsync(status.OuterUpdate + UpdatesBetween);

        async Task StandsAsync()
        {
            await told;
            await Task.Delay(TimeSpan.FromSeconds(2 * _random.NextDouble()));
        }
    }

    private static async Task FillAsync(Task stands)
    {
        while (!stands.IsCompleted)
        {
            SmallDisk.Fill();
            await Task.WhenAny(stands, Task.Delay(TimeSpan.FromMilliseconds(100)));
        }

        SmallDisk.Free();
        await stands;
    }

    private static async Task LockAsync(Fleet fleet, Task stands)
    {
        using var locked = new RunFile(fleet.RunDirectory).Lock();
        await stands;
    }

    private LoptProcess StartWorker(Fleet fleet) => fleet.Add(LoptProcess.Start(
        ["worker", "--coordinator", fleet.Address.AbsoluteUri, "--slots", "2", "--verbose"], fleet.Environment, _acknowledgements.Read));
}
