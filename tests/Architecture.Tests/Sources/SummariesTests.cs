using Xunit;

namespace LoptCluster.Architecture.Tests.Sources;

public sealed class SummariesTests
{
    [Fact]
    public void Of_OneLineAndSeveral_GivesLineAndWords()
    {
        var found = Summaries.Of(
        [
            "internal sealed class A", "    /// <summary>Sum of <see cref=\"Left\"/> + "
                + "right.</summary>", "    /// <summary>", "    /// Two <c>short</c>", "    /// lines.",
            "    /// </summary>", "    /// <remarks>No summary.</remarks>",
        ]).ToArray();
        Assert.Equal([2, 3], found.Select(s => s.Line));
        Assert.Equal(["Sum", "of", "Left", "right."], found[0].Words);
        Assert.Equal(["Two", "short", "lines."], found[1].Words);
    }
}
