namespace LoptCluster.Cli.CommandLine;

/// <summary>Text in lines that end between words.</summary>
internal static class WrappedText
{
    /// <param name="text">One paragraph.</param>
    /// <param name="width">Most characters of a line; a longer word is broken.</param>
    /// <param name="indent">Blanks before every line but the first.</param>
    public static IEnumerable<string> Lines(string text, int width, int indent = 0)
    {
        string before = "";
        indent = Math.Min(indent, width / 2);
        while (before.Length + text.Length > width)
        {
            int room = width - before.Length, end = text.LastIndexOf(' ', room);
            // A blank that only indents the line is no place to break it.
            bool breaksWord = end <= 0 || text[..end].Trim().Length == 0;
            if (breaksWord) end = room;
            yield return before + text[..end].TrimEnd();
            text = text[end..].TrimStart();
            before = new string(' ', indent);
        }

        yield return before + text;
    }
}
