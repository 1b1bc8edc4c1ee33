using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>A study on one fleet of real processes, in synchronous mode: θ of each run depends on its specification alone.</summary>
public sealed class StudyTests : IDisposable
{
    private const int Updates = 40, BatchSamples = 4;

    private static readonly string[] Names = ["seed=1", "seed=2"];
    private static readonly string[] Values = ["mode=synchronous", $"outerUpdates={Updates}"];

    private readonly TemporaryFolder _folder = new();
    private readonly List<LoptProcess> _processes = [];

    public void Dispose()
    {
        foreach (var process in _processes) process.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Study_CoordinatorAndAWorkerKilled_TrainsEveryRunToTheSameThetaBitForBit()
    {
        using var alone = new Fleet([.. Values, "seed=2"]);
        await alone.StartCoordinatorAsync();
        alone.StartWorker();
        string file = _folder.PathOf("two.toml");
        await File.WriteAllTextAsync(file, StudyOf(alone.Specification));

        var coordinator = Serve(file);
        var address = await coordinator.UrlAsync("listening on ");
        LoptProcess killed = Work(address), stays = Work(address);
        await UpdatesAsync(address, least: 5);
        await coordinator.KillAsync();
        await killed.KillAsync();
        long[] done = [.. Runs.Select(r => r.Updates)];
        var again = Serve(file, address.Port, "--exit-when-finished");

        Assert.Equal(0, await again.ExitAsync());
        Assert.Equal(0, await stays.ExitAsync());
        Assert.All(Runs, r => r.AssertConsistent(BatchSamples));
        Assert.All(Runs.Zip(done), r => Assert.True(r.First.Updates == Updates && r.Second is >= 5 and < Updates, $"{r.Second}"));
        await alone.StatusAsync(s => s.State == RunState.Finished);
        Assert.Equal(new RunFile(alone.RunDirectory).LastTheta(), Runs[1].LastTheta());
        Assert.NotEqual(Runs[0].LastTheta(), Runs[1].LastTheta());
    }

    [Fact]
    public async Task Study_Terminated_HandsItsProblemsBackAndTheSameCommandEndsIt()
    {
        string file = _folder.PathOf("two.toml");
        // Problems of many truncations: hardly one is in its first, where there is no state to hand back.
        var specification = new Fleet(Values).Specification.Select(a => a == "innerSteps=60" ? "innerSteps=2000" : a);
        await File.WriteAllTextAsync(file, StudyOf(specification));
        var coordinator = Serve(file);
        var address = await coordinator.UrlAsync("listening on ");
        LoptProcess[] workers = [Work(address), Work(address)];
        await UpdatesAsync(address, least: 5);

        Assert.Equal(0, await coordinator.TerminateAsync());

        Assert.Contains($"Stopped; nothing is lost. To continue: lopt coordinator --study {file} --run {Study}", coordinator.Output);
        Assert.All(Runs, r =>
        {
            r.AssertConsistent(BatchSamples);
            Assert.InRange(r.Updates, 5, Updates - 1);
            Assert.NotEqual(0, r.Scalar("SELECT count(*) FROM problems WHERE finished = 0 AND state IS NOT NULL"));
        });
        Assert.Equal(0, await Serve(file, address.Port, "--exit-when-finished").ExitAsync());
        foreach (var worker in workers) Assert.Equal(0, await worker.ExitAsync());
        Assert.All(Runs, r => r.AssertConsistent(BatchSamples));
        Assert.All(Runs, r => Assert.Equal(Updates, r.Updates));
    }

    /// <summary>One that fits no slot, one whose file cannot be written, and one that trains.</summary>
    [Fact]
    public async Task Study_RunsFail_TheOtherTrainsAndTheExitStatusSaysSo()
    {
        string file = _folder.PathOf("three.toml");
        await File.WriteAllTextAsync(file, $"""
            [set]
            {Set(new Fleet(Values).Specification)}
            [[cases]]
            name = "large"
            hiddenUnits = [512]
            slotMemoryMegabytes = 1
            [[cases]]
            name = "broken"
            [[cases]]
            name = "sound"
            """);
        var coordinator = Serve(file, 0, "--exit-when-finished");
        var address = await coordinator.UrlAsync("listening on ");
        RunFile broken = new(Path.Combine(Study, "broken")), sound = new(Path.Combine(Study, "sound"));
        broken.RefuseSamples("no space left");
        LoptProcess[] workers = [Work(address), Work(address)];

        Assert.Equal(1, await coordinator.ExitAsync());

        Assert.Contains("large failed: A truncation of 24 steps", coordinator.Output);
        Assert.Contains("broken failed: SQLite Error 19: 'no space left'.", coordinator.Output);
        Assert.DoesNotContain("sound failed", coordinator.Output);
        Assert.Equal((0, Updates), (broken.Updates, sound.Updates));
        sound.AssertConsistent(BatchSamples);
        foreach (var worker in workers) Assert.Equal(0, await worker.ExitAsync());
    }

    private string Study => _folder.PathOf("study");

    private RunFile[] Runs => [.. Names.Select(name => new RunFile(Path.Combine(Study, name)))];

    /// <summary>The values of a fleet's run as a study of two seeds.</summary>
    private static string StudyOf(IEnumerable<string> arguments) => $"[set]\n{Set(arguments)}\n[axes]\nseed = [1, 2]\n";

    private static string Set(IEnumerable<string> arguments) =>
        string.Join('\n', arguments.Where(a => a.Contains('=') && !a.StartsWith("seed", StringComparison.Ordinal)).Select(Toml));

    private static string Toml(string assignment)
    {
        string[] parts = assignment.Split('=');
        return char.IsAsciiLetter(parts[1][0]) ? $"{parts[0]} = \"{parts[1]}\"" : $"{parts[0]} = {parts[1]}";
    }

    /// <summary>
    /// Waits until each run has so many updates. One that has them first is paused meanwhile: while a worker is late, it would end.
    /// </summary>
    private async Task UpdatesAsync(Uri address, int least)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var operations = new Operations.OperationsClient(channel);
        Metadata[] runs = [.. Names.Select(name => new Metadata { { RunMetadata.Key, name } })];
        await Task.WhenAll(runs.Zip(Runs, WaitAndPauseAsync));
        foreach (var run in runs) await operations.ResumeAsync(new ResumeRequest(), run);

        async Task WaitAndPauseAsync(Metadata run, RunFile file)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
            while (file.Updates < least) await Task.Delay(50, limit.Token);
            await operations.PauseAsync(new PauseRequest(), run);
        }
    }

    private LoptProcess Serve(string file, int port = 0, params string[] more) => Start(
        [
            "coordinator", "--study", file, "--run", Study, "--listen", $"127.0.0.1:{port}", "--web", "off", "--lost-worker-grace", "1",
            .. more,
        ]);

    private LoptProcess Work(Uri address) => Start("worker", "--coordinator", address.AbsoluteUri, "--slots", "1");

    private LoptProcess Start(params string[] arguments)
    {
        var process = LoptProcess.Start(arguments);
        _processes.Add(process);
        return process;
    }
}
