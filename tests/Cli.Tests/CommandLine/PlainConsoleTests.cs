using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Report;
using LoptCluster.Cli.Tests.Report;
using Spectre.Console;
using Xunit;

namespace LoptCluster.Cli.Tests.CommandLine;

/// <summary>With NO_COLOR set, output holds no escape codes.</summary>
public sealed class PlainConsoleTests
{
    [Theory]
    [InlineData("1", false)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void PlainConsole_Variable_TurnsEscapeCodesOff(string? variable, bool? hasCodes) =>
        Assert.Equal(hasCodes, CliEnvironment.PlainConsole(variable, new AnsiConsoleOutput(TextWriter.Null))?.Profile.Capabilities.Ansi);

    [Fact]
    public void PlainConsole_TableWithMarkup_IsTextAlone()
    {
        using var text = new StringWriter();
        var console = CliEnvironment.PlainConsole("1", new AnsiConsoleOutput(text))!;

        console.Profile.Width = 120;
        console.Write(ComparisonTable.Compose(SampleReport.Create().Comparison));

        Assert.Contains("θ (learned)", text.ToString());
        Assert.DoesNotContain('\u001b', text.ToString());
    }
}
