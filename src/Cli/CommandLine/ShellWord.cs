using System.Text.RegularExpressions;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Words of commands that are printed for the user to copy.</summary>
internal static partial class ShellWord
{
    /// <summary>The text as one word of a POSIX shell: as it is, or in single quotes where the shell would read it otherwise.</summary>
    public static string Of(string text) => Plain().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[\p{L}\p{N}_./:@%+=,\-]+$")]
    private static partial Regex Plain();
}
