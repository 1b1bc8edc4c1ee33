using System.Globalization;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>What is in a folder that holds no dataset that is known, for the message that says so.</summary>
internal static class FolderContents
{
    private const int Shown = 5, MostEndings = 3;

    /// <summary>Folders and files that are looked at: the folder may be somebody's home.</summary>
    private const int MostEntries = 20_000;

    private static readonly EnumerationOptions Below = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        RecurseSubdirectories = true,
        MaxRecursionDepth = 5,
    };

    private static readonly HashSet<string> OtherImages = new(StringComparer.OrdinalIgnoreCase)
    {
        ".webp", ".tif", ".tiff", ".heic", ".avif", ".jfif", ".ppm", ".pgm", ".jp2", ".jxl",
    };

    /// <summary>Such as "a, b, c (below: 24 .webp)".</summary>
    public static string Describe(string directory)
    {
        string[] entries = Entries(directory);
        if (entries.Length == 0) return "nothing";
        string names = string.Join(", ", entries.Take(Shown)) + (entries.Length > Shown ? ", …" : "");
        string below = string.Join(
            ", ",
            FilesBelow(directory).CountBy(p => Path.GetExtension(p)).OrderByDescending(c => c.Value).Take(MostEndings)
                .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value:N0} {(c.Key.Length > 0 ? c.Key : "without ending")}")));
        return below.Length == 0 ? names : $"{names} (below: {below})";
    }

    /// <summary>What can be done about it; empty: nothing is known.</summary>
    public static string Advise(string directory)
    {
        string[] entries = Entries(directory);
        if (entries.Any(IsArchive)) return " Unpack the archive first.";
        if (Array.Find(entries, e => Path.GetExtension(e) == ".npz") is { } arrays)
        {
            return $" The arrays of '{arrays}' are {string.Join(", ", ArrayFiles.Names(Path.Combine(directory, arrays)).Take(Shown))}; "
                + "x_train, y_train, x_test and y_test would be read.";
        }

        if (entries.Any(ImageFileCheck.IsImageName)) return " Sort the images into a folder for each class.";
        string[] below = [.. FilesBelow(directory)];
        if (below.Any(ImageFileCheck.IsImageName)) return " Name the folder that holds the folders of the classes.";
        return Array.Find([.. entries, .. below], p => OtherImages.Contains(Path.GetExtension(p))) is { } other
            ? $" Convert the images, with ImageMagick by 'mogrify -format png */*{Path.GetExtension(other)}'."
            : "";
    }

    public static bool IsArchive(string name) =>
        name.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase)
        || Path.GetExtension(name).ToUpperInvariant() is ".ZIP" or ".TAR" or ".TGZ";

    private static string[] Entries(string directory) =>
        [.. Directory.GetFileSystemEntries(directory).Select(e => Path.GetFileName(e)).Where(e => !e.StartsWith('.'))
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> FilesBelow(string directory) =>
        Directory.EnumerateDirectories(directory, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(d => !LeftOut.IsSystem(d)).SelectMany(d => Directory.EnumerateFiles(d, "*", Below)).Where(p => !LeftOut.IsSystem(p))
            .Take(MostEntries);
}
