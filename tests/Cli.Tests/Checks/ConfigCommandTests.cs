using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Cli.Tests.Checks;

public sealed class ConfigCommandTests
{
    public static TheoryData<string> Presets => [.. PresetCatalog.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public async Task Show_SavedAndLoaded_IsTheSamePreset(string name)
    {
        var run = await CliRun.OfAsync("config", "show", name);

        Assert.Equal(0, run.Status);
        Assert.Equal(
            SpecificationJson.Serialize(PresetCatalog.Load(name)), SpecificationJson.Serialize(PresetFile.Parse(run.Output, "shown.toml")));
    }

    [Fact]
    public async Task Show_WithSet_ShowsTheValueOnTop() =>
        Assert.Contains("\ninnerSteps = 77 ", (await CliRun.OfAsync("config", "show", "quickstart", "--set", "innerSteps=77")).Output);

    [Fact]
    public async Task List_NamesEveryPreset()
    {
        string[] lines = (await CliRun.OfAsync("config", "list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(PresetCatalog.Names, lines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task Diff_PaperAndCode_ShowsBothValuesAndThePlaceInThePaper()
    {
        string[] lines = (await CliRun.OfAsync("config", "diff", "paper", "paper-code")).Output.Split('\n');

        Assert.Contains(
            lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["perturbationStd", "0.1", "0.01", "of", "θ", "§3"]);
        Assert.DoesNotContain(lines, line => line.Contains("innerSteps"));
    }

    [Fact]
    public async Task Diff_SamePreset_SaysSo() =>
        Assert.Equal("'paper' and 'paper' have the same values.\n", (await CliRun.OfAsync("config", "diff", "paper", "paper")).Output);
}
