using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

/// <summary><c>lopt coordinator --check-data</c>: what docker-compose.yml asks before anything starts.</summary>
public sealed class CheckDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("quickstart")]
    [InlineData("mixture")]
    public async Task Check_PresetThatGeneratesItsImages_NeedsNoFiles(string preset) =>
        Assert.Equal(0, (await CheckAsync(preset)).Status);

    [Theory]
    [InlineData("modern")]
    [InlineData("cifar")]
    public async Task Check_PresetWithoutItsFiles_SaysSoInOneLine(string preset)
    {
        File.WriteAllText(_folder.PathOf(".gitkeep"), "");
        var run = await CheckAsync(preset);
        Assert.Equal(2, run.Status);
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith(
            $"The preset '{preset}' trains on image files. The folder '{_folder.Path}' holds no known dataset: expected ", line,
            StringComparison.Ordinal);
        Assert.Contains("; found nothing. With docker compose set LOPT_DATA ", line);
    }

    [Fact]
    public async Task Check_ValueThatTakesTheFilesAway_IsLookedAt() =>
        Assert.Equal(0, (await CheckAsync("modern", "--set", "dataset=procedural", "--heartbeat", "5")).Status);

    [Fact]
    public async Task Check_MixtureOneTaskOfWhichNeedsFiles_NamesItsFolder()
    {
        string preset = _folder.PathOf("two.toml");
        File.WriteAllText(preset, """
            name = "two"
            dataset = "procedural"
            [[tasks]]
            name = "generated"
            [[tasks]]
            name = "real"
            dataset = "files"
            dataFolder = "cifar"
            """);
        var run = await CheckAsync(preset);
        Assert.Equal(2, run.Status);
        Assert.Contains($"The folder '{_folder.PathOf("cifar")}' does not exist.", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task Check_FilesThatAreThere_AreFoundWithoutReadingThem()
    {
        foreach (string name in Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin").Append("test_batch.bin"))
            File.WriteAllText(_folder.PathOf(name), "");
        Assert.Equal(0, (await CheckAsync("cifar")).Status);
        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public async Task Check_NoPreset_IsAsked()
    {
        var run = await CliRun.OfAsync("coordinator", "--check-data", _folder.Path);
        Assert.Equal((2, "--check-data requires --preset, whose files it looks for."), (run.Status, Assert.Single(run.ErrorLines)));
    }

    private Task<CliRun> CheckAsync(string preset, params string[] more) =>
        CliRun.OfAsync(["coordinator", "--preset", preset, "--check-data", _folder.Path, .. more]);
}
