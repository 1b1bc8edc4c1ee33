using System.Globalization;
using System.Text;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>Text that a peer sent, for logs, pages and terminals: never long, and without characters that control what shows it.</summary>
internal static class PeerText
{
    /// <summary>Longest text that is kept, in UTF-16 units.</summary>
    public const int Longest = 400;

    private const char Replacement = '\uFFFD';

    /// <summary>The text, cut and with each control character replaced.</summary>
    public static string Of(string text, int longest = Longest)
    {
        var clean = new StringBuilder(Math.Min(text.Length, longest) + 1);
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, longest))) clean.Append(IsPlain(c) ? c : Replacement);
        if (text.Length > longest) clean.Append('…');
        return clean.ToString();
    }

    /// <returns>What is wrong with a text that may have <paramref name="longest"/> characters, all plain; null: nothing.</returns>
    public static string? FaultOf(string what, string text, int longest)
    {
        if (text.Length > longest) return $"the {what} has {text.Length} characters; at most {longest} are allowed";
        foreach (char c in text)
        {
            if (!IsPlain(c)) return $"the {what} '{Of(text, 60)}' has the control character U+{(int)c:X4}; only text is allowed";
        }

        return null;
    }

    /// <remarks>Format characters are no letters either: some reverse the direction of what follows them.</remarks>
    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
