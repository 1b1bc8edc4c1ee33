using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace LoptCluster.Cli.Report;

/// <summary>One plot of the report as SVG. Lines and letters have the text colour of the page, for light and dark themes.</summary>
internal sealed partial class SvgPlot
{
    public static readonly OxyColor Blue = OxyColor.FromRgb(0x3B, 0x82, 0xF6);
    public static readonly OxyColor Orange = OxyColor.FromRgb(0xF5, 0x8B, 0x1E);
    public static readonly OxyColor Green = OxyColor.FromRgb(0x22, 0xA3, 0x6A);
    public static readonly OxyColor Red = OxyColor.FromRgb(0xE1, 0x4B, 0x5A);
    public static readonly OxyColor Grey = OxyColor.FromRgb(0x88, 0x90, 0x9C);

    /// <summary>Placeholder for the text colour of the page, replaced when the SVG is written.</summary>
    private static readonly OxyColor Ink = OxyColor.FromRgb(1, 2, 3);
    private static readonly OxyColor Faint = OxyColor.FromArgb(0x2A, 0x88, 0x90, 0x9C);

    private const int LegendLine = 18;
    private const int Margin = 12;

    private readonly PlotModel _model;
    private readonly List<(string Title, PlotStyle Style, double Width)> _legend = [];

    public SvgPlot(string x, string y, bool logY = false)
    {
        _model = new PlotModel
        {
            TextColor = Ink,
            PlotAreaBorderColor = Faint,
            PlotAreaBorderThickness = new OxyThickness(0, 0, 0, 1),
            DefaultFontSize = 12,
            Background = OxyColors.Transparent,
            // OxyPlot estimates text widths differently from browsers: margins are fixed, and the legend is HTML.
            PlotMargins = new OxyThickness(84, 8, 18, 44),
        };
        _model.Axes.Add(Style(new LinearAxis { Position = AxisPosition.Bottom, Title = x, MinimumPadding = 0, MaximumPadding = 0.01 }));
        Axis left = logY ? new DecadeAxis() : new LinearAxis();
        (left.Position, left.Title, left.IntervalLength) = (AxisPosition.Left, y, 30);
        _model.Axes.Add(Style(left));
    }

    /// <summary>Adds a second vertical axis at the right, for series added with <c>right</c>.</summary>
    public SvgPlot WithRightAxis(string title, double? minimum = null, double? maximum = null)
    {
        var axis = new LinearAxis { Position = AxisPosition.Right, Title = title, Key = "right" };
        if (minimum is { } low) axis.Minimum = low;
        if (maximum is { } high) axis.Maximum = high;
        Style(axis).MajorGridlineStyle = LineStyle.None;
        _model.Axes.Add(axis);
        _model.PlotMargins = new OxyThickness(84, 8, 72, 44);
        return this;
    }

    /// <summary>Limits the horizontal axis, and the vertical one to shares from 0 to 1.</summary>
    public SvgPlot WithShares(double leastX, double greatestX)
    {
        (_model.Axes[0].Minimum, _model.Axes[0].Maximum) = (leastX, greatestX);
        (_model.Axes[1].Minimum, _model.Axes[1].Maximum, _model.Axes[1].MajorStep) = (0, 1.02, 0.2);
        return this;
    }

    /// <summary>Limits the vertical axis; what lies outside is cut off.</summary>
    public SvgPlot WithHeights(double least, double greatest)
    {
        (_model.Axes[1].Minimum, _model.Axes[1].Maximum) = (least, greatest);
        return this;
    }

    /// <summary>Makes the vertical axis one of named rows, from top to bottom, for <see cref="Bars"/>.</summary>
    public SvgPlot WithRows(IEnumerable<string> names)
    {
        var rows = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0, GapWidth = 0.4 };
        rows.Labels.AddRange(names);
        _model.Axes[1] = Style(rows);
        rows.MajorGridlineStyle = LineStyle.None;
        _model.Axes[0].Minimum = 0;
        _model.PlotMargins = new OxyThickness(160, 8, 18, 44);
        return this;
    }

    /// <summary>Adds a part to the bars of the rows, at the end of those that they have.</summary>
    public SvgPlot Bars(string title, OxyColor color, IEnumerable<double> lengths)
    {
        _legend.Add((title, new PlotStyle(color), 6));
        var series = new BarSeries { FillColor = color, IsStacked = true };
        series.Items.AddRange(lengths.Select(length => new BarItem(length)));
        _model.Series.Add(series);
        return this;
    }

    public SvgPlot Line(
        string? title,
        OxyColor color,
        IEnumerable<(double X, double Y)> points,
        bool right = false,
        bool dashed = false,
        double width = 1.8) =>
        Line(title, dashed ? new PlotStyle(color, 7, 3) : new PlotStyle(color), points, width, right);

    public SvgPlot Line(
        string? title, PlotStyle style, IEnumerable<(double X, double Y)> points, double width = 1.8, bool right = false)
    {
        var series = new LineSeries { Color = style.Color, StrokeThickness = width };
        if (!style.Dashes.IsEmpty) series.Dashes = [.. style.Dashes];
        if (title is not null) _legend.Add((title, style, width));
        if (right) series.YAxisKey = "right";
        series.Points.AddRange(points.Where(p => double.IsFinite(p.Y)).Select(p => new DataPoint(p.X, p.Y)));
        _model.Series.Add(series);
        return this;
    }

    public SvgPlot Markers(string title, OxyColor color, IEnumerable<(double X, double Y)> points)
    {
        _legend.Add((title, new PlotStyle(color), 2));
        var series = new LineSeries
        {
            Color = color,
            StrokeThickness = 1.2,
            MarkerType = MarkerType.Circle,
            MarkerSize = 3,
            MarkerFill = color,
        };
        series.Points.AddRange(points.Where(p => double.IsFinite(p.Y)).Select(p => new DataPoint(p.X, p.Y)));
        _model.Series.Add(series);
        return this;
    }

    /// <summary>Adds dots without a line.</summary>
    public SvgPlot Dots(string title, OxyColor color, IEnumerable<(double X, double Y)> points, bool right = false, double size = 2.2)
    {
        _legend.Add((title, new PlotStyle(color), 2));
        var series = new ScatterSeries { MarkerType = MarkerType.Circle, MarkerSize = size, MarkerFill = OxyColor.FromAColor(0xB0, color) };
        if (right) series.YAxisKey = "right";
        series.Points.AddRange(points.Where(p => double.IsFinite(p.Y)).Select(p => new ScatterPoint(p.X, p.Y)));
        _model.Series.Add(series);
        return this;
    }

    public SvgPlot Band(OxyColor color, IEnumerable<(double X, double Low, double High)> points)
    {
        var series = new AreaSeries { Color = OxyColors.Transparent, Fill = OxyColor.FromAColor(0x28, color), StrokeThickness = 0 };
        foreach (var (x, low, high) in points)
        {
            series.Points.Add(new DataPoint(x, low));
            series.Points2.Add(new DataPoint(x, high));
        }

        _model.Series.Add(series);
        return this;
    }

    /// <summary>Adds a plane of values as shades of grey, darker where lower; rows along y.</summary>
    /// <param name="values">Values by index of x and of y, at equal distances.</param>
    /// <param name="radius">The plane spans −radius to radius on both axes.</param>
    public SvgPlot Plane(double[,] values, double radius)
    {
        _model.Axes.Add(new LinearColorAxis { Position = AxisPosition.None, Palette = OxyPalettes.Gray(256) });
        _model.Series.Add(new HeatMapSeries { X0 = -radius, X1 = radius, Y0 = -radius, Y1 = radius, Data = values, Interpolate = false });
        return this;
    }

    public string ToSvg(int width = 720, int height = 300)
    {
        var exporter = new SvgExporter { Width = width, Height = height, IsDocument = false, UseVerticalTextAlignmentWorkaround = true };
        string document = exporter.ExportToString(_model);
        string svg = document[document.IndexOf("<svg", StringComparison.Ordinal)..]
            .Replace("#010203", "currentColor", StringComparison.OrdinalIgnoreCase)
            .Replace("rgb(1,2,3)", "currentColor", StringComparison.Ordinal);
        return SizeAttributes().Replace(svg, $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\"", 1);
    }

    /// <summary>Legend of the lines above the plot, as HTML.</summary>
    public string ToLegend() => $"<p class=\"legend\">{string.Concat(_legend.Select(LegendEntry))}</p>";

    /// <summary>Legend, plot and caption, as HTML.</summary>
    public string ToFigure(string caption, int height = 300) =>
        $"<figure>{ToLegend()}{ToSvg(height: height)}<figcaption>{HtmlTemplate.Escape(caption)}</figcaption></figure>\n";

    /// <summary>Pixels above the plot in <see cref="ToDocument"/>.</summary>
    public int LegendHeight(int width) => Margin + (LegendLine * ((_legend.Count + LegendColumns(width) - 1) / LegendColumns(width)));

    /// <summary>A file of its own, dark on white: the plot below its legend.</summary>
    public string ToDocument(int width = 720, int height = 380)
    {
        int plotTop = LegendHeight(width), columns = LegendColumns(width), column = (width - (2 * Margin)) / columns;
        var document = new StringBuilder();
        document.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{plotTop + height}\" color=\"#333\">\n")
            .Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        foreach (var ((title, style, stroke), i) in _legend.Select((entry, i) => (entry, i)))
        {
            int x = Margin + (column * (i % columns)), y = Margin + (LegendLine * (i / columns));
            document.Append(
                CultureInfo.InvariantCulture,
                $"<path d=\"M{x} {y}h36\" stroke=\"rgb({style.Color.R},{style.Color.G},{style.Color.B})\" stroke-width=\"{1.5 * stroke}\" ")
                .Append(CultureInfo.InvariantCulture, $"stroke-dasharray=\"{string.Join(' ', style.Dashes)}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 42}\" y=\"{y + 4}\" font-family=\"sans-serif\" font-size=\"12\" ")
                .Append(CultureInfo.InvariantCulture, $"fill=\"currentColor\">{HtmlTemplate.Escape(title)}</text>\n");
        }

        string plot = ToSvg(width, height).Replace("<svg ", $"<svg y=\"{plotTop}\" width=\"{width}\" height=\"{height}\" ");
        return document.Append(plot).Append("\n</svg>\n").ToString();
    }

    private static int LegendColumns(int width) => width < 640 ? 2 : 3;

    private static string LegendEntry((string Title, PlotStyle Style, double Width) entry)
    {
        string height = (1.5 * entry.Width).ToString("0.#", CultureInfo.InvariantCulture);
        return $"<span><i style=\"background:{entry.Style.ToCss()};height:{height}px\"></i>{HtmlTemplate.Escape(entry.Title)}</span>";
    }

    private static Axis Style(Axis axis)
    {
        axis.TicklineColor = Ink;
        axis.AxislineColor = Ink;
        axis.ExtraGridlineColor = Faint;
        axis.MajorGridlineColor = Faint;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MinorTickSize = 0;
        axis.MajorTickSize = 3;
        axis.AxisTitleDistance = axis.Position == AxisPosition.Bottom ? 6 : 26;
        return axis;
    }

    [GeneratedRegex("<svg width=\"[^\"]*\" height=\"[^\"]*\"")]
    private static partial Regex SizeAttributes();
}
