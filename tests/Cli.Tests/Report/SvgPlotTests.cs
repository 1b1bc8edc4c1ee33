using System.Text.RegularExpressions;
using LoptCluster.Cli.Report;
using Xunit;

namespace LoptCluster.Cli.Tests.Report;

public sealed partial class SvgPlotTests
{
    [Theory]
    [InlineData(0.0009, 0.0025)]
    [InlineData(0.6, 0.9)]
    [InlineData(0.02, 3)]
    [InlineData(1e-4, 1)]
    [InlineData(1e-6, 1e6)]
    public void ToSvg_LogarithmicAxis_HasAtLeastFourTicksAndRoomForThem(double least, double greatest)
    {
        string svg = new SvgPlot("x", "", logY: true).Line("y", SvgPlot.Blue, [(1000, least), (2000, greatest)]).ToSvg();

        var labels = Labels().Matches(svg).Select(m => double.Parse(m.Groups[1].Value, null));
        int ticks = labels.Count(y => y >= 0.9 * least && y <= 1.1 * greatest);
        Assert.InRange(ticks, 4, 15);
    }

    [Fact]
    public void ToSvg_Bars_AreInTheirRowsOneAfterTheOther()
    {
        string svg = new SvgPlot("x", "").WithRows(["upper", "lower"])
            .Bars("first", SvgPlot.Blue, [1, 2])
            .Bars("second", SvgPlot.Orange, [1, 1])
            .ToSvg();

        var (first, second) = (Boxes(svg, "rgb(59,130,246)"), Boxes(svg, "rgb(245,139,30)"));
        Assert.Equal([2, 2], [first.Count, second.Count]);
        Assert.Equal(first[0].X + first[0].Width, second[0].X, tolerance: 0.1);
        Assert.Equal(2, first[1].Width / first[0].Width, tolerance: 0.01);
        Assert.True(first[0].Y < first[1].Y, "The first row should be the upper one.");
        Assert.True(svg.IndexOf(">upper<", StringComparison.Ordinal) >= 0);
    }

    private static List<(double X, double Y, double Width)> Boxes(string svg, string color) =>
    [
        .. Rectangles().Matches(svg).Where(m => m.Value.Contains(color, StringComparison.OrdinalIgnoreCase)).Select(m => (
            double.Parse(m.Groups[1].Value, null), double.Parse(m.Groups[2].Value, null), double.Parse(m.Groups[3].Value, null))),
    ];

    [GeneratedRegex(">([-+0-9.Ee]+)</text>")]
    private static partial Regex Labels();

    [GeneratedRegex("<rect x=\"([^\"]*)\" y=\"([^\"]*)\" width=\"([^\"]*)\"[^>]*>")]
    private static partial Regex Rectangles();
}
