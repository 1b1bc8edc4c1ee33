using System.Net;
using System.Text.RegularExpressions;

namespace LoptCluster.Cli.Report;

/// <summary>An embedded page whose <c>{{name}}</c> placeholders are filled with text or markup.</summary>
internal sealed partial class HtmlTemplate(string template)
{
    private readonly Dictionary<string, string> _values = [];

    public static HtmlTemplate Load(string name) => new(Resource(name));

    /// <summary>Text of a resource of this folder.</summary>
    public static string Resource(string name)
    {
        using var stream = typeof(HtmlTemplate).Assembly.GetManifestResourceStream("report/" + name)
            ?? throw new InvalidOperationException($"The resource '{name}' is missing from the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Fills a placeholder with text, escaped.</summary>
    public HtmlTemplate WithText(string placeholder, string text) => WithMarkup(placeholder, Escape(text));

    /// <summary>Fills a placeholder with HTML or CSS as it is.</summary>
    public HtmlTemplate WithMarkup(string placeholder, string markup)
    {
        _values.Add(placeholder, markup);
        return this;
    }

    /// <exception cref="KeyNotFoundException">A placeholder has no value.</exception>
    public string Render() => Placeholder().Replace(template, match => _values[match.Groups[1].Value]);

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
