using System.Globalization;
using System.Text;
using LoptCluster.Cli.Report;

namespace LoptCluster.Cli.Reproduction;

/// <summary>The panels of a figure under their titles, and its caption, as one SVG file.</summary>
internal static class FigureDocument
{
    private const int PlotHeight = 340;
    private const int SingleWidth = 760;
    private const int Gap = 10;
    private const int TitleHeight = 26;
    private const int Line = 16;

    /// <summary>Letters of a caption's line for each pixel of width, at 11 pixels a letter's height.</summary>
    private const double LettersPerPixel = 0.165;

    public static string Compose(PaperFigure figure, FigureData data, FigureCaption caption)
    {
        int columns = figure.PanelColumns, width = columns == 1 ? SingleWidth : SingleWidth * 3 / 4;
        var body = new StringBuilder();
        int y = Text(body, Gap, Line + 2, $"{figure.Name}. {figure.Title}", size: 14, bold: true) + Gap;
        foreach (var row in data.Panels.Chunk(columns))
        {
            int rowHeight = 0;
            for (int i = 0; i < row.Length; i++)
            {
                var (title, plot) = row[i];
                int top = y + (title.Length > 0 ? TitleHeight : 0), x = i * (width + Gap);
                if (title.Length > 0) Text(body, x + Gap, y + Line, title, size: 13);
                string panel = plot.ToDocument(width, PlotHeight);
                body.Append(panel.Replace("<svg xmlns", $"<svg x=\"{x}\" y=\"{top}\" xmlns", StringComparison.Ordinal));
                rowHeight = Math.Max(rowHeight, top - y + plot.LegendHeight(width) + PlotHeight + Gap);
            }

            y += rowHeight;
        }

        int full = (columns * width) + ((columns - 1) * Gap);
        foreach (string line in Wrap(caption.ToString(), (int)(full * LettersPerPixel))) y = Text(body, Gap, y + Line, line, size: 11);
        int height = y + Gap;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{full}\" height=\"{height}\" viewBox=\"0 0 {full} {height}\" ")
            + $"color=\"#222\">\n<title>{HtmlTemplate.Escape(figure.Title)}</title>\n"
            + $"<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{body}</svg>\n";
    }

    /// <summary>Writes a line of text.</summary>
    /// <returns>Its baseline.</returns>
    private static int Text(StringBuilder body, int x, int y, string text, int size, bool bold = false)
    {
        string weight = bold ? " font-weight=\"bold\"" : "";
        body.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{x}\" y=\"{y}\" font-family=\"sans-serif\" font-size=\"{size}\"{weight} fill=\"currentColor\">")
            .Append(HtmlTemplate.Escape(text)).Append("</text>\n");
        return y;
    }

    private static IEnumerable<string> Wrap(string text, int letters)
    {
        var line = new StringBuilder();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + word.Length >= letters)
            {
                yield return line.ToString();
                line.Clear();
            }

            if (line.Length > 0) line.Append(' ');
            line.Append(word);
        }

        if (line.Length > 0) yield return line.ToString();
    }
}
