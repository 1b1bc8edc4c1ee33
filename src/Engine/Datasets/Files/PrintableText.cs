namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Text with names of files in it, for a terminal: a name may have line breaks and escape sequences.</summary>
internal static class PrintableText
{
    /// <summary>The text with a question mark for each control character, as <c>ls</c> shows them.</summary>
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
