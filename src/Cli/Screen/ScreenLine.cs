using Spectre.Console;
using Spectre.Console.Rendering;

namespace LoptCluster.Cli.Screen;

/// <summary>One line of the screen, built from styled pieces and cut at a width: it never wraps, whatever the numbers.</summary>
internal sealed class ScreenLine(int width)
{
    private readonly Paragraph _paragraph = new() { Overflow = Overflow.Crop };
    private int _left = width;

    public ScreenLine Add(string text, Style? style = null)
    {
        if (text.Length > _left) text = _left > 0 ? text[..(_left - 1)] + "…" : "";
        _left -= text.Length;
        _paragraph.Append(text, style ?? Style.Plain);
        return this;
    }

    /// <summary>Left-aligned in a column; the blank after it belongs to the column.</summary>
    public ScreenLine Left(string text, int column, Style? style = null) => Add(Cut(text, column - 1).PadRight(column), style);

    /// <summary>Right-aligned in a column, with a blank after it.</summary>
    public ScreenLine Right(string text, int column, Style? style = null) => Add(Cut(text, column - 1).PadLeft(column - 1) + " ", style);

    public IRenderable Render() => _paragraph;

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
