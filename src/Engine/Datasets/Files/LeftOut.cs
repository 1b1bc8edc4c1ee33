using System.Globalization;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>What a folder holds beside the images that are read, counted for one line.</summary>
internal static class LeftOut
{
    private const int MostNamed = 3;

    private static readonly HashSet<string> SystemNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "lost+found", "__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "Thumbs.db", "ehthumbs.db",
        "desktop.ini", "Icon\r",
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

    /// <summary>Such as "the folders 'a', 'b'" or "9 folders 'thumbs'"; empty: there are none but those of operating systems.</summary>
    public static string Folders(IEnumerable<string> paths)
    {
        string[] folders = [.. paths.Where(p => !IsSystem(p))];
        string[] names = [.. folders.Select(p => Path.GetFileName(p)).Distinct().Order(StringComparer.Ordinal)];
        if (folders.Length == 0) return "";
        string many = folders.Length == names.Length && names.Length <= MostNamed
            ? $"the folder{(names.Length == 1 ? "" : "s")}"
            : string.Create(CultureInfo.InvariantCulture, $"{folders.Length:N0} folders");
        return $"{many} {ByName(names)}";
    }

    /// <summary>Files and folders of a folder that are not read and do not belong to those that are; empty: there are none.</summary>
    public static string Beside(string directory, IEnumerable<string> belonging)
    {
        var known = belonging.Select(p => Path.GetFileName(p)).ToHashSet(StringComparer.Ordinal);
        bool IsOther(string path) => !known.Contains(Path.GetFileName(path));
        return Join(ByEnding(Directory.GetFiles(directory).Where(IsOther)), Folders(Directory.GetDirectories(directory).Where(IsOther)));
    }

    /// <summary>Those that are not empty.</summary>
    public static string Join(params IEnumerable<string> parts) => string.Join(", ", parts.Where(p => p.Length > 0));
}
