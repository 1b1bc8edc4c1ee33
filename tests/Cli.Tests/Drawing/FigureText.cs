using System.Xml.Linq;
using LoptCluster.Cli.Drawing;
using SkiaSharp;

namespace LoptCluster.Cli.Tests.Drawing;

/// <summary>What a figure's SVG has to say, against the letters of the embedded font.</summary>
internal static class FigureText
{
    /// <summary>Characters of the document's texts that the font of their weight lacks.</summary>
    public static IEnumerable<string> WithoutGlyph(string svg) =>
        from text in XDocument.Parse(svg).Descendants().Where(e => e.Name.LocalName == "text")
        let isBold = (string?)text.Attribute("font-weight") == "bold"
        let typeface = isBold ? EmbeddedTypefaces.Bold : EmbeddedTypefaces.Regular
        from character in WithoutGlyph(text.Value, typeface)
        select $"{character} in '{text.Value}'";

    public static IEnumerable<string> WithoutGlyph(string text, SKTypeface typeface)
    {
        using var font = typeface.ToFont();
        return [.. text.EnumerateRunes().Where(rune => !font.ContainsGlyph(rune.Value)).Select(rune => $"'{rune}' (U+{rune.Value:X4})")];
    }
}
