using System.IO.Hashing;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Files of a dataset, of which one that was downloaded twice counts once.</summary>
internal sealed class UniqueFiles
{
    private readonly string[] _others;

    /// <param name="paths">Files, in the order in which they are read.</param>
    /// <param name="similar">Files of similar names, which are not read.</param>
    public UniqueFiles(IReadOnlyCollection<string> paths, params IReadOnlyCollection<string> similar)
    {
        // Of two that are alike the one that is to be read stays, and of these the one with the shorter name.
        var copies = paths.Concat(similar).GroupBy(p => new FileInfo(p).Length).Where(g => g.Key > 0 && g.Count() > 1)
            .SelectMany(g => g.OrderBy(similar.Contains).ThenBy(p => p.Length).ThenBy(p => p, StringComparer.Ordinal).GroupBy(Hash)
                .SelectMany(same => same.Skip(1)))
            .ToHashSet();
        Paths = [.. paths.Where(p => !copies.Contains(p))];
        Copies = [.. paths.Concat(similar).Where(copies.Contains)];
        _others = [.. similar.Where(p => !copies.Contains(p))];
    }

    /// <summary>Files with bytes of their own.</summary>
    public IReadOnlyList<string> Paths { get; }

    public IReadOnlyList<string> Copies { get; }

    /// <summary>Files that are not read, for their names or as copies.</summary>
    public IEnumerable<string> NotRead => Copies.Concat(_others);

    /// <summary>Names of those that are not read; empty: there are none.</summary>
    public string LeftOut => Files.LeftOut.Join(
        Copies.Count == 0 ? "" : $"{Files.LeftOut.ByName(Copies)}, the bytes of another file", Files.LeftOut.ByName(_others));

    private static UInt128 Hash(string path)
    {
        var hash = new XxHash128();
        using var stream = File.OpenRead(path);
        hash.Append(stream);
        return hash.GetCurrentHashAsUInt128();
    }
}
