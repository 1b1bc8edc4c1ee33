using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>A study on one fleet of real processes, in synchronous mode: θ of each run depends on its specification alone.</summary>
public sealed class StudyTests : IDisposable
{
    private const int Updates = 60, BatchSamples = 4;

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

        var coordinator = Start("coordinator", "--study", file, "--run", Study, "--listen", "127.0.0.1:0", "--web", "off");
        var address = await coordinator.UrlAsync("listening on ");
        var killed = Start("worker", "--coordinator", address.AbsoluteUri, "--slots", "1");
        var stays = Start("worker", "--coordinator", address.AbsoluteUri, "--slots", "1");
        await UpdatesAsync(least: 5);
        await coordinator.KillAsync();
        await killed.KillAsync();
        long[] done = [.. Runs.Select(r => r.Updates)];
        var again = Start(
            "coordinator", "--study", file, "--run", Study, "--listen", $"127.0.0.1:{address.Port}", "--web", "off",
            "--lost-worker-grace", "1", "--exit-when-finished");

        Assert.Equal(0, await again.ExitAsync());
        Assert.Equal(0, await stays.ExitAsync());
        Assert.All(Runs, r => r.AssertConsistent(BatchSamples));
        Assert.All(Runs.Zip(done), r => Assert.True(r.First.Updates == Updates && r.Second is >= 5 and < Updates, $"{r.Second}"));
        await alone.StatusAsync(s => s.State == RunState.Finished);
        Assert.Equal(new RunFile(alone.RunDirectory).LastTheta(), Runs[1].LastTheta());
        Assert.NotEqual(Runs[0].LastTheta(), Runs[1].LastTheta());
    }

    private string Study => _folder.PathOf("study");

    private RunFile[] Runs => [new(Path.Combine(Study, "seed=1")), new(Path.Combine(Study, "seed=2"))];

    /// <summary>The values of a fleet's run as a study of two seeds.</summary>
    private static string StudyOf(IEnumerable<string> arguments) => "[set]\n"
        + string.Join('\n', arguments.Where(a => a.Contains('=') && !a.StartsWith("seed", StringComparison.Ordinal)).Select(Toml))
        + "\n[axes]\nseed = [1, 2]\n";

    private static string Toml(string assignment)
    {
        string[] parts = assignment.Split('=');
        return char.IsAsciiLetter(parts[1][0]) ? $"{parts[0]} = \"{parts[1]}\"" : $"{parts[0]} = {parts[1]}";
    }

    private async Task UpdatesAsync(int least)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Runs.Any(r => r.Updates < least)) await Task.Delay(50, limit.Token);
    }

    private LoptProcess Start(params string[] arguments)
    {
        var process = LoptProcess.Start(arguments);
        _processes.Add(process);
        return process;
    }
}
