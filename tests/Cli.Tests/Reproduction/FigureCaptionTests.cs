using LoptCluster.Cli.Reproduction;
using Xunit;

namespace LoptCluster.Cli.Tests.Reproduction;

public sealed class FigureCaptionTests
{
    private static readonly FigureCaption Caption = new(
        "lopt reproduce 3a --scale small",
        Seeds: 3,
        "Processor, 2 cores",
        new DateTimeOffset(2026, 3, 1, 13, 5, 0, TimeSpan.FromHours(1)),
        TimeSpan.FromSeconds(12.34),
        Kept: 0);

    [Fact]
    public void ToString_AllParts_AreThere() => Assert.Equal(
        "lopt reproduce 3a --scale small · seeds 1 to 3 · Processor, 2 cores · 2026-03-01 12:05 UTC · 12.34 s", Caption.ToString());

    [Fact]
    public void ToString_ExperimentsKept_SaysThatTheTimeIsNotTheirs() =>
        Assert.EndsWith("12.34 s, with 5 experiments done before", (Caption with { Kept = 5 }).ToString(), StringComparison.Ordinal);

    [Fact]
    public void ToString_NothingRandom_NamesNoSeed() =>
        Assert.Contains(" · nothing random · ", (Caption with { Seeds = 0 }).ToString(), StringComparison.Ordinal);
}
