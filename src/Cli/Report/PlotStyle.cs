using System.Collections.Immutable;
using OxyPlot;

namespace LoptCluster.Cli.Report;

/// <summary>Colour and dashes of a line: where a plot is seen without colours, the dashes tell its lines apart.</summary>
/// <param name="Dashes">Lengths of strokes and gaps in pixels, in turn; empty for a solid line.</param>
internal readonly record struct PlotStyle(OxyColor Color, params ImmutableArray<double> Dashes)
{
    private static readonly ImmutableArray<double>[] Patterns = [[], [7, 3], [2, 2], [9, 3, 2, 3], [14, 4], [9, 3, 2, 3, 2, 3]];

    // Those of one pattern, six apart, differ in brightness.
    private static readonly OxyColor[] Colors =
    [
        SvgPlot.Orange, SvgPlot.Green, SvgPlot.Grey, SvgPlot.Red, Rgb(0x8B5CF6), Rgb(0x06A6C4),
        Rgb(0xA16207), Rgb(0x9BC53D), Rgb(0xF48CC0), Rgb(0xCDAA32), Rgb(0xF2B48A), Rgb(0xB8318C),
    ];

    /// <summary>θ, which is drawn wider than the baselines.</summary>
    public static PlotStyle Learned { get; } = new(SvgPlot.Blue);

    /// <summary>Style of a baseline by its index; the first twelve differ.</summary>
    public static PlotStyle OfBaseline(int index) => new(Colors[index % Colors.Length], Patterns[index % Patterns.Length]);

    /// <summary>The line in HTML: CSS of the background of a box.</summary>
    public string ToCss()
    {
        string color = FormattableString.Invariant($"rgb({Color.R} {Color.G} {Color.B} / {Math.Max(40, Color.A * 100 / 255)}%)");
        if (Dashes.IsEmpty) return color;
        var stops = new List<string>();
        double at = 0;
        for (int i = 0; i < Dashes.Length; at += Dashes[i++])
            stops.Add(FormattableString.Invariant($"{(i % 2 == 0 ? color : "transparent")} {at}px {at + Dashes[i]}px"));
        return $"repeating-linear-gradient(90deg, {string.Join(", ", stops)})";
    }

    private static OxyColor Rgb(uint rgb) => OxyColor.FromUInt32(0xFF000000 | rgb);
}
