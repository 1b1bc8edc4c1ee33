using System.Diagnostics;
using LoptCluster.Chaos.Failures.Networks;
using LoptCluster.Chaos.Measuring;
using LoptCluster.ClusterTestKit;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Chaos.Failures;

/// <summary>A run that suffers failures, and what must hold afterwards.</summary>
internal sealed class FailuresScenario(FailuresOptions options, TextWriter output)
{
    private const int BatchSamples = 4;

    /// <summary>Failures after which the run must get on, before the next.</summary>
    private const int Round = 8;

    private const int UpdatesOfARound = 3;

    private readonly string[] _values = [$"mode={Word(options.Mode)}", "outerUpdates=100000000", "innerSteps=120"];
    private readonly Dictionary<FailureKind, int> _suffered = [];
    private readonly Judgement _judgement = new(output);

    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var acknowledgements = new Acknowledgements();
        await using var fleet = new FaultyFleet(options.Workers, _values, CreateNetwork(), acknowledgements);
        await output.WriteLineAsync(
            $"{Word(options.Mode)} run, {options.Workers} workers of two slots behind {Word(options.Network)}, seed {options.Seed}");
        var watch = Stopwatch.StartNew();
        await fleet.StartAsync();
        await fleet.AdvanceAsync(UpdatesOfARound);
        await SufferAsync(fleet, acknowledgements, cancellation);
        var status = await fleet.HealAsync();
        int[] ended = await fleet.EndAsync();
        await output.WriteLineAsync(
            $"  {_suffered.Values.Sum()} failures and {status.OuterUpdate} updates in {watch.Elapsed.TotalSeconds:0} s: "
                + string.Join(", ", _suffered.OrderBy(s => s.Key).Select(s => $"{s.Value} {s.Key}")));
        _judgement.OfEnd(ended);
        _judgement.OfFile(fleet.File, BatchSamples);
        _judgement.OfAcknowledged(fleet.File, acknowledgements);
        await _judgement.OfReplayAsync(fleet.Start("replay", fleet.RunDirectory));
        if (options.Mode == RunMode.Synchronous) await CheckUndisturbedAsync(fleet.File);
        return _judgement.Holds;
    }

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();

    private IFaultyNetwork CreateNetwork() => options.Network == NetworkKind.Namespaces ? new NamespaceNetwork() : new ProxyNetwork();

    private async Task SufferAsync(FaultyFleet fleet, Acknowledgements acknowledgements, CancellationToken cancellation)
    {
        int suffered = 0, told = 0, inRound = 0;
        foreach (var failure in Failure.Draw(options.Seed, options.Workers))
        {
            if (suffered >= options.Failures) return;
            cancellation.ThrowIfCancellationRequested();
            int count = await fleet.SufferAsync(failure);
            suffered += count;
            _suffered[failure.Kind] = _suffered.GetValueOrDefault(failure.Kind) + count;
            await Task.Delay(failure.Pause, cancellation);
            if (++inRound < Round) continue;
            inRound = 0;
            long update = (await fleet.AdvanceAsync(0)).OuterUpdate;
            await fleet.AdvanceAsync(update + UpdatesOfARound);
            if (suffered < told + (options.Failures / 10)) continue;
            told = suffered;
            await output.WriteLineAsync($"  {suffered} failures, update {update}, {acknowledgements.Count} acknowledgements");
        }
    }

    /// <summary>The same run with one worker and no failures.</summary>
    private async Task CheckUndisturbedAsync(RunFile file)
    {
        using var quiet = new Fleet(_values);
        await quiet.StartCoordinatorAsync();
        quiet.StartWorker(slots: 2);
        long version = file.Updates;
        long reached = 0;
        while (reached < version) reached = (await quiet.StatusAsync(s => s.OuterUpdate > reached || s.OuterUpdate >= version)).OuterUpdate;
        bool same = file.Theta(version).SequenceEqual(new RunFile(quiet.RunDirectory).Theta(version));
        _judgement.Note($"θ of update {version} has the bits of an undisturbed run's", same);
    }
}
