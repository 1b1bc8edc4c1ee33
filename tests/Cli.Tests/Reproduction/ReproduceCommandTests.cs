using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Reproduction;
using LoptCluster.Shared.Studies;
using Xunit;

namespace LoptCluster.Cli.Tests.Reproduction;

public sealed class ReproduceCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-reproduce-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Reproduce_List_NamesEveryFigure()
    {
        var run = await CliRun.OfAsync("reproduce", "--list");

        Assert.Equal(0, run.Status);
        Assert.All(FigureCatalog.All, figure => Assert.Contains($" {figure.Id} ", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reproduce_ToyFigure_WritesDataNumbersAndPlot()
    {
        var run = await CliRun.OfAsync("reproduce", "2b", "-o", _folder.FullName);

        Assert.True(run.Status == 0, run.Error);
        string[] files = [.. Directory.GetFiles(_folder.FullName).Select(f => Path.GetFileName(f)).Order()];
        Assert.Equal(["2b.csv", "2b.numbers.csv", "2b.png", "2b.svg"], files);
        Assert.All(files, file => Assert.Contains($"{Path.DirectorySeparatorChar}{file}", run.Output, StringComparison.Ordinal));
        Assert.Contains("w(200) at momentum 0.9: 3.569", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reproduce_AsJson_HasTheNumbersAndTheFiles()
    {
        var run = await CliRun.OfAsync("reproduce", "2", "-o", _folder.FullName, "--json");
        var list = JsonNode.Parse((await CliRun.OfAsync("reproduce", "--list", "--json")).Output)!.AsArray();

        Assert.True(run.Status == 0, run.Error);
        var figures = JsonNode.Parse(run.Output)!.AsArray();
        Assert.Equal(["2a", "2b", "2c", "2d", "2e", "2f"], figures.Select(f => (string)f!["figure"]!));
        Assert.Equal(3.569, (double)figures[1]!["numbers"]!["w(200) at momentum 0.9"]!["median"]!, 3);
        Assert.All(figures, f => Assert.True(File.Exists((string)f!["files"]!["svg"]!)));
        Assert.Contains("Figure 2b: ", run.Error, StringComparison.Ordinal);
        Assert.Equal("2a", (string)list[0]!["figure"]!);
        Assert.Equal(FigureCatalog.All.Length, list.Count);
    }

    [Fact]
    public async Task Reproduce_Seeds_AreThoseOfTheCaptionAndOfTheCost()
    {
        var one = await CliRun.OfAsync("reproduce", "--list", "--seeds", "1");
        var run = await CliRun.OfAsync("reproduce", "2d", "--seeds", "1", "-o", _folder.FullName);

        Assert.True(run.Status == 0, run.Error);
        Assert.Contains("1,600 inner-steps", one.Output, StringComparison.Ordinal);
        string svg = File.ReadAllText(Path.Combine(_folder.FullName, "2d.svg"));
        Assert.Contains("lopt reproduce 2d --scale small --seeds 1 &#183; seed 1 &#183;", svg, StringComparison.Ordinal);
    }

    /// <summary>Of studies that share their runs, the file has those of all figures.</summary>
    [Fact]
    public async Task Reproduce_Fleet_WritesTheStudiesAndTrainsNothing()
    {
        var run = await CliRun.OfAsync("reproduce", "all", "--seeds", "2", "--fleet", "-o", _folder.FullName, "--json");

        Assert.True(run.Status == 0, run.Error);
        var studies = JsonNode.Parse(run.Output)!.AsArray();
        Assert.Equal(
            [("ablations", 16), ("objectives", 4), ("adam-reg-decay", 2), ("batch-norm", 2), ("batch-norm-adam-reg-decay", 1)],
            studies.Select(s => ((string)s!["study"]!, (int)s["runs"]!)));
        foreach (var study in studies)
        {
            string file = (string)study!["file"]!, folder = (string)study["folder"]!;
            Assert.Equal((int)study["runs"]!, StudyFile.Parse(await File.ReadAllTextAsync(file), file).Runs.Length);
            Assert.Equal($"lopt coordinator --study {file} --run {folder} --exit-when-finished", (string)study["command"]!);
            Assert.Equal(0, (int)study["trained"]!);
        }

        Assert.EndsWith($"lopt reproduce all --scale small --seeds 2 -o {_folder.FullName}", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reproduce_FleetOfLessThanBefore_KeepsTheOtherRuns()
    {
        string folder = Path.Combine(_folder.FullName, "with space");
        await CliRun.OfAsync("reproduce", "8", "--seeds", "2", "--fleet", "-o", folder);

        var run = await CliRun.OfAsync("reproduce", "4", "--seeds", "1", "--fleet", "-o", folder, "--json");

        var study = JsonNode.Parse(run.Output)!.AsArray().Single()!;
        Assert.Equal(16, (int)study["runs"]!);
        Assert.StartsWith($"lopt coordinator --study '{folder}/", (string)study["command"]!, StringComparison.Ordinal);
        Assert.EndsWith($"-o '{folder}'", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reproduce_FleetOfAFigureWithoutTraining_SaysThatNothingIsLeft()
    {
        var run = await CliRun.OfAsync("reproduce", "2c", "--fleet", "-o", _folder.FullName);

        Assert.Equal("Nothing is left to train on a fleet. This makes the figures here:", run.Output.Split('\n')[0].TrimEnd());
    }

    [Theory]
    [InlineData("Figure '2cc' cannot be made. Did you mean '2c'?", "2cc")]
    [InlineData("No figure is named.")]
    public async Task Reproduce_WithoutAFigureThatExists_IsAUserError(string message, params string[] args)
    {
        var run = await CliRun.OfAsync(["reproduce", .. args]);

        Assert.Equal(ExitStatus.UserError, run.Status);
        Assert.StartsWith(message, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }
}
