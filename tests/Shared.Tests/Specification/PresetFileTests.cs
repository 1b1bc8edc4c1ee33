using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Shared.Tests.Specification;

public sealed class PresetFileTests
{
    [Fact]
    public void Parse_ManyMistakes_ReportsAllWithTheirLines()
    {
        const string text = """
            # a comment
            name = "mine"
            inerSteps = 500
            estimator = "ess"
            batchSamples = 1
            hiddenUnits = [32, 0]
            perturbationStd = "wide"
            truncationFirst = 300
            truncationLast = 200
            """;

        var error = Assert.Throws<SpecificationException>(() => PresetFile.Parse(text, "mine.toml", "seed=-4", "lossCap=inf", "what"));

        Assert.Equal(
            [
                "mine.toml:3: inerSteps: there is no such key; did you mean innerSteps?",
                "mine.toml:4: estimator = \"ess\": must be merged, rp or es",
                "mine.toml:7: perturbationStd = \"wide\": must be a number 1e-06 … 10",
                "--set lossCap = inf: must be a number at least 0.001",
                "--set what: must be key=value, as in --set innerSteps=500",
                "--set seed = -4: must be a whole number, at least 0",
                "mine.toml:6: hiddenUnits = [32, 0]: must be a list of whole numbers, each 1 … 4096",
                "mine.toml:5: batchSamples = 1: must be a whole number, 2 … 65536",
                "mine.toml:8: truncationFirst = 300: must be at most truncationLast = 200; k rises along the ramp",
            ],
            error.Mistakes);
    }

    [Theory]
    [InlineData("innerSteps = ", "x.toml:1: ")]
    [InlineData("innerSteps = 5\ninnerSteps = 6", "x.toml:2: ")]
    [InlineData("[unrolling]\ninnerSteps = 5", "x.toml:1: [unrolling]: a preset has no tables; keys stand alone, as in innerSteps = 500")]
    [InlineData("innerSteps = 2020-01-01", "x.toml:1: innerSteps = 2020-01-01: must be a whole number, 1 … 10000000")]
    [InlineData("innerSteps = 3.5", "x.toml:1: innerSteps = 3.5: must be a whole number, 1 … 10000000")]
    [InlineData("innerSteps = 99999999999", "x.toml:1: innerSteps = 99999999999: must be a whole number, 1 … 10000000")]
    [InlineData("inner.steps = 3", "x.toml:1: inner.steps: there is no such key; did you mean innerSteps?")]
    public void Parse_BadText_NamesTheLine(string text, string expected)
    {
        var error = Assert.Throws<SpecificationException>(() => PresetFile.Parse(text, "x.toml"));

        Assert.StartsWith(expected, error.Mistakes[0]);
    }

    [Fact]
    public void Parse_Nothing_IsTheDefaults() =>
        Assert.Equal(SpecificationJson.Hash(new RunSpecification()), SpecificationJson.Hash(PresetFile.Parse("", "empty.toml")));

    [Fact]
    public void Parse_WholeNumberForANumber_IsTaken() => Assert.Equal(2.0, PresetFile.Parse("lossCap = 2", "x.toml").LossCap);

    [Fact]
    public void Write_NamesUnitPaperAndMeaning()
    {
        string text = PresetFile.Write(new RunSpecification());

        Assert.Matches("(?m)^innerSteps = 10000 +# inner-steps · §4.2 · T: inner-steps of a whole inner-problem\\.$", text);
    }

    [Fact]
    public void Write_EveryKey_HasALine()
    {
        string[] lines = PresetFile.Write(new RunSpecification()).Split('\n');

        Assert.All(SpecificationKeys.All, key => Assert.Single(lines, line => line.StartsWith(key.Name + " = ", StringComparison.Ordinal)));
    }
}
