using LoptCluster.Cli.CommandLine;
using Spectre.Console;
using Spectre.Console.Testing;
using Xunit;

namespace LoptCluster.Cli.Tests.CommandLine;

public sealed class FittedTableTests
{
    private static readonly (string, Justify, int)[] Columns =
    [
        ("run", Justify.Left, 0), ("updates", Justify.Right, 1), ("loss: run", Justify.Right, 2), ("what if", Justify.Right, 2),
    ];

    [Theory]
    [InlineData(60, "run updates loss: run what if")]
    [InlineData(40, "run updates loss: run what if")]
    [InlineData(39, "run updates")]
    [InlineData(17, "run")]
    [InlineData(3, "run")]
    public void Compose_Width_LeavesOutWhatDoesNotFit_TheLeastImportantFirst(int width, string expected)
    {
        using var console = new TestConsole();
        console.Profile.Width = 200;

        console.Write(FittedTable.Compose(Columns, [["mine", "6", "1.9", "[2.0]"]], width));

        string header = console.Lines.First(l => l.Contains("run", StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(' ', header.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }
}
