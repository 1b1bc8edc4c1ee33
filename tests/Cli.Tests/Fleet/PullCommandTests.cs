using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

public sealed class PullCommandTests : IDisposable
{
    private readonly CoordinatorScript _script = new() { Theta = [.. Enumerable.Range(0, 610).Select(i => i / 1000f)] };
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.PathOf("mine.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pull_Version_WritesThetaAndItsCard()
    {
        var run = await PullAsync("--version", "7");

        Assert.Equal((0, $"Saved θ version 7 of run run (quickstart, 610 parameters) to '{Target}'.\n"), (run.Status, run.Output));
        Assert.Equal(_script.Theta, ThetaFile.Read(Target).Theta.Values.ToArray());
        Assert.Equal("quickstart", ThetaCard.ReadSpecification(Target)?.Name);
    }

    [Fact]
    public async Task Pull_IntoAFolderThatIsNotThere_MakesIt()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(_script);
        string path = _folder.PathOf("new/dir/mine.safetensors");

        var run = await CliRun.OfAsync("pull", "--from", coordinator.Authority, "-o", path);

        Assert.True(run.Status == 0, run.Error);
        string[] files = [.. Directory.GetFiles(_folder.PathOf("new/dir")).Select(f => Path.GetFileName(f)).Order()];
        Assert.Equal(["mine.card.json", "mine.safetensors"], files);
    }

    [Fact]
    public async Task Pull_NothingSaid_IsTheLatest()
    {
        await PullAsync();

        Assert.Equal(99, ThetaFile.Read(Target).Theta.Version);
    }

    [Fact]
    public async Task Pull_BestBeforeAnyEvaluation_IsTheCoordinatorsLine()
    {
        var run = await PullAsync("--version", "best");

        Assert.Equal(2, run.Status);
        Assert.Equal("nothing was evaluated yet.", Assert.Single(run.ErrorLines));
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Pull_DamagedOnTheWay_WritesNothing()
    {
        _script.DamageChecksum = true;

        Assert.Equal(2, (await PullAsync()).Status);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Pull_OutOfARunWithoutEvaluation_HasItsLatestAndNoBestAndNoAverage()
    {
        using var folder = new TemporaryFolder();
        await using (await RunningCoordinator.StartAsync(folder, SmallRun.Specification))
        {
        }

        var latest = await CliRun.OfAsync("pull", "--run", folder.Path, "-o", Target);
        var best = await CliRun.OfAsync("pull", "--run", folder.Path, "-o", Target, "--version", "best");
        var average = await CliRun.OfAsync("pull", "--run", folder.Path, "-o", Target, "--version", "average");

        Assert.Equal(0, latest.Status);
        Assert.Equal(
            OptimizerFactory.InitialTheta(SmallRun.Specification), ThetaFile.Read(Target).Theta.Values.ToArray());
        Assert.Equal(2, best.Status);
        Assert.Equal(
            $"The run in '{folder.Path}' has no best θ: none was evaluated. Ask for the latest.", Assert.Single(best.ErrorLines));
        Assert.Equal(2, average.Status);
        Assert.StartsWith($"The run in '{folder.Path}' has no average of θ.", Assert.Single(average.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no run in '")]
    [InlineData("needs no coordinator. Omit --from", "--from", "127.0.0.1:1")]
    public async Task Pull_OutOfNoRun_IsOneLine(string reason, params string[] args)
    {
        var refused = await CliRun.OfAsync(["pull", "--run", _folder.Path, "-o", Target, .. args]);

        Assert.Equal(2, refused.Status);
        Assert.Contains(reason, Assert.Single(refused.ErrorLines));
        Assert.False(File.Exists(Target));
    }

    private async Task<CliRun> PullAsync(params string[] args)
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(_script);
        return await CliRun.OfAsync(["pull", "--from", coordinator.Authority, "-o", Target, .. args]);
    }
}
