using System.Diagnostics;
using LoptCluster.Chaos.Failures.Networks;
using LoptCluster.ClusterTestKit;
using LoptCluster.Shared.Specification;
using Xunit.Sdk;

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
    private bool _holds = true;

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
        Check("workers and coordinator end with status 0", ended.All(s => s == 0), string.Join(' ', ended));
        CheckFile(fleet.File);
        CheckAcknowledged(fleet.File, acknowledgements);
        await CheckReplayAsync(fleet);
        if (options.Mode == RunMode.Synchronous) await CheckUndisturbedAsync(fleet.File);
        return _holds;
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

    private void CheckFile(RunFile file)
    {
        try
        {
            file.AssertConsistent(BatchSamples);
            Check($"{file.Scalar("SELECT count(*) FROM samples")} samples, each once, of unbroken problems, in whole batches", true);
        }
        catch (XunitException e)
        {
            Check("each sample once, of unbroken problems, in whole batches", false, e.Message);
        }
    }

    private void CheckAcknowledged(RunFile file, Acknowledgements acknowledgements)
    {
        var stored = file.Samples().ToHashSet();
        var lost = acknowledgements.Samples.Where(s => !stored.Contains(s)).ToList();
        int different = acknowledgements.Samples.Count();
        Check(
            $"{different} samples that workers were told are kept are in the file", lost.Count == 0 && different > 0,
            $"{lost.Count} are not: {string.Join(", ", lost.Take(5))}");
    }

    private async Task CheckReplayAsync(FaultyFleet fleet)
    {
        var replay = fleet.Start("replay", fleet.RunDirectory);
        int status = await replay.ExitAsync(TimeSpan.FromHours(1));
        Check("every θ is what its samples, computed again here, give: lopt replay", status == 0, replay.Output);
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
        Check($"θ of update {version} has the bits of an undisturbed run's", same);
    }

    private void Check(string what, bool holds, string detail = "")
    {
        _holds &= holds;
        output.WriteLine(holds ? $"  ok      {what}" : $"  FAILED  {what}: {detail}");
    }
}
