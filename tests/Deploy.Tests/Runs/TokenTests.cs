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
    public async Task WorkerToken_Changed_TakesARestartOfTheCoordinator()
    {
        var coordinator = await _fleet.StartCoordinatorAsync();
        var worker = _fleet.StartWorker();
        await worker.LineAsync("Joined run");
        await File.WriteAllTextAsync(_fleet.Mounted("tokens/worker"), new string('b', 64));

        // It hands back and looks for the coordinator again, is told that its token is the old one, and ends; the kubelet starts it again.
        Assert.Equal(0, await coordinator.TerminateAsync());
        await _fleet.StartCoordinatorAsync();
        Assert.Equal(2, await worker.ExitAsync());
        Assert.Contains("unfinished problems handed back", worker.Output);
        await _fleet.StartWorker().LineAsync("Joined run");

        await File.WriteAllTextAsync(_fleet.Mounted("tokens/worker"), new string('a', 64));
        var late = _fleet.StartWorker();
        Assert.Equal(2, await late.ExitAsync());
        const string Words = "rejected this worker's token";
        Assert.Contains(Words, late.Output);
        Assert.Contains(Words, await File.ReadAllTextAsync(Repository.PathOf("docs/DEPLOY.md")));
    }

    public void Dispose() => _fleet.Dispose();
}
