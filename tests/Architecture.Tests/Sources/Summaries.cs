using System.Text.RegularExpressions;

namespace LoptCluster.Architecture.Tests.Sources;

/// <summary>The XML summaries of a file.</summary>
internal static partial class Summaries
{
    private const string Start = "<summary>";
    private const string End = "</summary>";

    /// <summary>Each summary in words and the number of its first line. A reference counts as the word that it shows.</summary>
    public static IEnumerable<(int Line, string[] Words)> Of(IReadOnlyList<string> lines)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            if (!lines[i].TrimStart().StartsWith("/// " + Start, StringComparison.Ordinal)) continue;
            int first = i;
            while (i < lines.Count - 1 && !lines[i].Contains(End, StringComparison.Ordinal)) i++;
            string text = string.Join(' ', lines.Skip(first).Take(i - first + 1).Select(line => line.Trim().TrimStart('/')));
            text = Reference().Replace(text, " ${name} ").Replace(
                Start, " ", StringComparison.Ordinal).Replace(End, " ", StringComparison.Ordinal);
            yield return (first + 1, Tag().Replace(text, "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(HasLetter).ToArray());
        }
    }

    /// <summary>An operator or a dash is no word.</summary>
    private static bool HasLetter(string word) => word.Any(char.IsLetterOrDigit);

    [GeneratedRegex("<(?:see|paramref|typeparamref)\\s[^>]*?\"(?<name>[^\"]*)\"[^>]*/>")]
    private static partial Regex Reference();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
