using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Runs;

/// <summary>TLS and tokens as the overlay fleet has them, and their change as docs/DEPLOY.md tells it.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly FleetOnProcesses _fleet = new();

    [Fact]
    public async Task Fleet_StartedForReal_JoinsOverTls()
    {
        await _fleet.StartCoordinatorAsync();
        await _fleet.StartWorker().LineAsync("Joined run");
        var reader = _fleet.AskStatus(_fleet.Mounted("tokens/reader"));
        Assert.True(await reader.ExitAsync() == 0, reader.Output);
        Assert.Contains("\"outerUpdate\":", reader.Output);
        Assert.NotEqual(0, await _fleet.AskStatus(_fleet.Mounted("tokens/worker")).ExitAsync());
    }

    [Fact]
    public async Task WorkerToken_Exchanged_TakesNoRestart()
    {
        const string Words = "rejected this worker's token", Renewed = "Read again because it changed: the token of LOPT_WORKER_TOKEN_FILE";
        Assert.Contains(Words, await File.ReadAllTextAsync(Repository.PathOf("docs/DEPLOY.md")));
        var coordinator = await _fleet.StartCoordinatorAsync();
        var worker = _fleet.StartWorker();
        await worker.LineAsync("Joined run");

        // The Secret has both; then the new one alone.
        await File.WriteAllTextAsync(_fleet.Mounted("accepted/worker/second"), new string('b', 64));
        await coordinator.LineAsync(Renewed);
        string old = await File.ReadAllTextAsync(_fleet.Mounted("tokens/worker"));
        await _fleet.StartWorker().LineAsync("Joined run");
        await File.WriteAllTextAsync(_fleet.Mounted("tokens/worker"), new string('b', 64));
        await _fleet.StartWorker().LineAsync("Joined run");
        File.Move(_fleet.Mounted("accepted/worker/second"), _fleet.Mounted("accepted/worker/token"), overwrite: true);
        await coordinator.LinesAsync(Renewed, 2);

        await File.WriteAllTextAsync(_fleet.Mounted("tokens/worker"), old);
        var late = _fleet.StartWorker();
        Assert.Equal(2, await late.ExitAsync());
        Assert.Contains(Words, late.Output);
        Assert.DoesNotContain("broke", worker.Output);
        Assert.Single(worker.Output.Split('\n'), l => l.Contains("Joined run", StringComparison.Ordinal));
    }

    public void Dispose() => _fleet.Dispose();
}
