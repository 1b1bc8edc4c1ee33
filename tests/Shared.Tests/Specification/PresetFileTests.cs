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
                "mine.toml:3: 'inerSteps' is not a key of the specification. Did you mean 'innerSteps'?",
                "mine.toml:4: estimator 'ess' must be merged, rp, es, backprop, pes, nres, merged-pes or merged-nres.",
                "mine.toml:7: perturbationStd 'wide' must be a number from 1e-06 to 10.",
                "--set lossCap 'inf' must be a number of at least 0.001.",
                "--set 'what' must be key=value. Example: --set innerSteps=500",
                "--set seed '-4' must be a whole number of at least 0.",
                "mine.toml:6: hiddenUnits '[32, 0]' must be a list of whole numbers, each from 1 to 4096.",
                "mine.toml:5: batchSamples '1' must be a whole number from 2 to 65536.",
                "mine.toml:8: truncationFirst '300' must be at most truncationLast '200', because k only rises.",
            ],
            error.Mistakes);
    }

    [Theory]
    [InlineData("innerSteps = ", "x.toml:1: ")]
    [InlineData("innerSteps = 5\ninnerSteps = 6", "x.toml:2: ")]
    [InlineData(
        "[unrolling]\ninnerSteps = 5",
        "x.toml:1: '[unrolling]' is a table, which presets do not have. Example of a line: innerSteps = 500")]
    [InlineData("innerSteps = 2020-01-01", "x.toml:1: innerSteps '2020-01-01' must be a whole number from 1 to 10000000.")]
    [InlineData("innerSteps = 3.5", "x.toml:1: innerSteps '3.5' must be a whole number from 1 to 10000000.")]
    [InlineData("innerSteps = 99999999999", "x.toml:1: innerSteps '99999999999' must be a whole number from 1 to 10000000.")]
    [InlineData("inner.steps = 3", "x.toml:1: 'inner.steps' is not a key of the specification. Did you mean 'innerSteps'?")]
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

        Assert.Matches("(?m)^innerSteps = 10000 +# inner-steps · §4.2 · T: inner-steps of a whole inner-training\\.$", text);
    }

    [Fact]
    public void Write_EveryKey_HasALine()
    {
        string[] lines = PresetFile.Write(new RunSpecification()).Split('\n');

        var flat = SpecificationKeys.All.Where(key => key.Name != "tasks");
        Assert.All(flat, key => Assert.Single(lines, line => line.StartsWith(key.Name + " = ", StringComparison.Ordinal)));
    }
}
