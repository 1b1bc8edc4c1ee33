using LoptCluster.Cli.CommandLine;
using Xunit;

namespace LoptCluster.Cli.Tests.CommandLine;

public sealed class WrappedTextTests
{
    [Theory]
    [InlineData("", 10, 0, "")]
    [InlineData("one two", 10, 0, "one two")]
    [InlineData("one two three", 7, 0, "one two|three")]
    [InlineData("one two three", 8, 0, "one two|three")]
    [InlineData("  tasks  ten of them", 14, 9, "  tasks  ten|       of them")]
    [InlineData("  run  averyveryverylongfolder", 12, 2, "  run|  averyveryv|  erylongfol|  der")]
    public void Lines_EndBetweenWords(string text, int width, int indent, string expected) =>
        Assert.Equal(expected.Split('|'), WrappedText.Lines(text, width, indent));
}
