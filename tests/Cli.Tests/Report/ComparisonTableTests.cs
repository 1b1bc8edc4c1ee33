using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;
using Spectre.Console;
using Spectre.Console.Testing;
using Xunit;

namespace LoptCluster.Cli.Tests.Report;

public sealed class ComparisonTableTests
{
    private const int Width = 100;

    [Fact]
    public void Compose_ElevenBaselines_FitATerminalOfAHundredColumns()
    {
        string[] lines = Lines(SampleReport.CreateWithElevenBaselines());
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, Width));
        // Nothing is wrapped but the headings: a row for each optimizer.
        Assert.Equal(12, lines.Count(line => line.Contains(" 80.0 % ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("Schedule-Free AdamW ", StringComparison.Ordinal));
    }

    /// <summary>A row for each optimizer, and no number broken over lines.</summary>
    [Theory]
    [InlineData(60, false, false)]
    [InlineData(80, true, false)]
    [InlineData(200, true, true)]
    public void Compose_NarrowTerminal_LeavesOutColumnsAndWrapsNone(int width, bool hasFinal, bool hasAccuracy)
    {
        using var console = new TestConsole().Width(width);
        var comparison = SampleReport.Create().Comparison;

        console.Write(ComparisonTable.Compose(comparison, width));

        string[] lines = console.Output.Split('\n');
        Assert.Equal(1 + comparison.Baselines.Count, lines.Count(line => line.Contains("0.5000", StringComparison.Ordinal)
            || line.Contains("0.4000", StringComparison.Ordinal)));
        Assert.Matches("^ *Adam +1.0000 +0.5000 +75.0 % +-20.0 % ", lines.Single(l => l.Contains("Adam ")));
        Assert.Equal(hasFinal, console.Output.Contains("differs by", StringComparison.Ordinal));
        Assert.Equal(hasAccuracy, console.Output.Contains("accuracy", StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_Optimizers_HaveAccuracyAndTimeOfAnInnerStep()
    {
        string[] lines = Lines(SampleReport.Create());
        Assert.Matches("^ *θ \\(learned\\) +0.8000 +0.4000 +80.0 % +13.00 *$", lines.Single(l => l.Contains("θ (learned)")));
        Assert.Matches(
            "^ *Adam +1.0000 +0.5000 +75.0 % +-20.0 % +75.0 % +-20.0 % +80.0 % +12.00 *$", lines.Single(l => l.Contains("Adam ")));
    }

    [Fact]
    public void Compose_BaselineNearZero_SaysThatThetaIsFarAbove()
    {
        var comparison = SampleReport.Create().Comparison;
        InnerTrainingLosses least = new(1e-9, 1e-9, 1e-9, 1e-9);
        var near = comparison.Baselines[0] with { Losses = [least, least, least, least] };
        string[] lines = Lines(SampleReport.Create() with { Comparison = comparison with { Baselines = [near] } });
        Assert.Matches("^ *Adam +0.0000 +0.0000 +0.0 % +> \\+999 % +0.0 % +> \\+999 % ", lines.Single(l => l.Contains("Adam ")));
    }

    [Fact]
    public void Compose_ThetaIsWorse_HasThePlusOfAHigherLoss()
    {
        var data = SampleReport.Create();
        var worse = data.Comparison.Learned with { Losses = [.. Enumerable.Repeat(new InnerTrainingLosses(1, 1, 1.66, 0.5), 4)] };
        string[] lines = Lines(data with { Comparison = data.Comparison with { Learned = worse } });
        Assert.Matches("^ *Adam .* \\+66.0 % +0.0 % +0.0 % ", lines.Single(l => l.Contains("Adam ")));
    }

    [Fact]
    public void Compose_NothingMeasured_HasDashes()
    {
        var data = SampleReport.Create();
        var learned = data.Comparison.Learned;
        string[] lines = Lines(data with
        {
            Comparison = data.Comparison with
            {
                Learned = learned with { Losses = [.. learned.Losses.Select(l => l with { ValidAccuracy = double.NaN })], StepTimes = [] },
            },
        });
        Assert.Matches("^ *θ \\(learned\\) +0.8000 +0.4000 +– +– *$", lines.Single(l => l.Contains("θ (learned)")));
    }

    private static string[] Lines(ReportData data)
    {
        using var console = new TestConsole().Width(Width);
        console.Write(ComparisonTable.Compose(data.Comparison));
        return console.Output.Split('\n');
    }
}
