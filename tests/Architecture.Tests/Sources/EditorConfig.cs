using System.Globalization;
using LoptCluster.TestKit;

namespace LoptCluster.Architecture.Tests.Sources;

/// <summary>Values of .editorconfig that no tool enforces.</summary>
internal static class EditorConfig
{
    private const string MaxLineLengthKey = "max_line_length";

    /// <summary>Columns of a line of a .cs file.</summary>
    public static int MaxLineLength { get; } = int.Parse(Value(MaxLineLengthKey), CultureInfo.InvariantCulture);

    private static string Value(string key) =>
        File.ReadLines(
            Repository.PathOf(".editorconfig")).Select(line => line.Split('=')).Single(parts => parts[0].Trim() == key)[1].Trim();
}
