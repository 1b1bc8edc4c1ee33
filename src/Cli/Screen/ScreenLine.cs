using Spectre.Console;
using Spectre.Console.Rendering;

namespace LoptCluster.Cli.Screen;

/// <summary>One line of the screen, built from styled pieces and cut off at a width, so that it never wraps.</summary>
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

    /// <summary>Adds text left-aligned in a column, whose last character is blank.</summary>
    public ScreenLine Left(string text, int column, Style? style = null) => Add(Cut(text, column - 1).PadRight(column), style);

    /// <summary>Adds text right-aligned in a column, whose last character is blank.</summary>
    public ScreenLine Right(string text, int column, Style? style = null) => Add(Cut(text, column - 1).PadLeft(column - 1) + " ", style);

    public IRenderable Render() => _paragraph;

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
