using System.Globalization;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>What a folder holds beside the images that are read, counted for one line.</summary>
internal static class LeftOut
{
    private const int MostNamed = 3;

    private static readonly HashSet<string> SystemNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "lost+found", "__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "Thumbs.db", "desktop.ini",
    };

    /// <summary>Left behind by an operating system or a file server, or hidden: passed over without a word.</summary>
    public static bool IsSystem(string path) => Path.GetFileName(path) is var name && (name[0] == '.' || SystemNames.Contains(name));

    /// <summary>Such as "4 .webp, 1 .txt"; empty: nothing was left out.</summary>
    public static string ByEnding(IEnumerable<string> paths) => string.Join(
        ", ",
        paths.Where(p => !IsSystem(p)).CountBy(p => Path.GetExtension(p) is { Length: > 0 } ending ? ending : $"'{Path.GetFileName(p)}'")
            .OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {c.Key}")));

    /// <summary>Such as "data_batch_1 (1).bin"; empty: nothing was left out.</summary>
    public static string ByName(IReadOnlyList<string> paths) =>
        string.Join(", ", paths.Take(MostNamed).Select(p => $"'{Path.GetFileName(p)}'")) + (paths.Count > MostNamed ? ", …" : "");
}
