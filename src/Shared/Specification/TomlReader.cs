using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace LoptCluster.Shared.Specification;

/// <summary>Raw values of parsed TOML.</summary>
internal static class TomlReader
{
    /// <summary>The raw value of a text such as <c>[{ weight = 2 }]</c>; the text itself if it is not TOML.</summary>
    public static object Value(string text)
    {
        var document = SyntaxParser.Parse($"value = {text}", "value", validate: true);
        var pair = document.KeyValues.FirstOrDefault();
        return document.HasErrors || pair is null ? text : Raw(pair.Value);
    }

    public static object Raw(SyntaxNode? value) => value switch
    {
        IntegerValueSyntax whole => whole.Value,
        FloatValueSyntax number => number.Value,
        BooleanValueSyntax truth => truth.Value,
        StringValueSyntax text => text.Value ?? "",
        ArraySyntax array => (IReadOnlyList<object>)[.. array.Items.Select(item => Raw(item.Value))],
        InlineTableSyntax table => Table(table.Items.Select(item => item.KeyValue)),
        // A date: no key accepts one, so the conversion rejects the node and the message shows its text.
        _ => value ?? (object)"",
    };

    public static Dictionary<string, object> Table(IEnumerable<KeyValueSyntax?> pairs) =>
        pairs.OfType<KeyValueSyntax>().ToDictionary(pair => pair.Key?.ToString().Trim() ?? "", pair => Raw(pair.Value));
}
