using System.IO.Hashing;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Files of a dataset, of which one that was downloaded twice counts once.</summary>
internal sealed class UniqueFiles
{
    /// <param name="paths">Files, in the order in which they are read.</param>
    public UniqueFiles(IEnumerable<string> paths)
    {
        string[] all = [.. paths];
        var copies = all.GroupBy(p => new FileInfo(p).Length).Where(g => g.Key > 0 && g.Count() > 1)
            .SelectMany(g => g.OrderBy(p => p.Length).ThenBy(p => p, StringComparer.Ordinal).GroupBy(Hash).SelectMany(same => same.Skip(1)))
            .ToHashSet();
        Paths = [.. all.Where(p => !copies.Contains(p))];
        Copies = [.. all.Where(copies.Contains)];
    }

    /// <summary>Files with bytes of their own.</summary>
    public IReadOnlyList<string> Paths { get; }

    public IReadOnlyList<string> Copies { get; }

    /// <summary>Names of the copies; empty: there are none.</summary>
    public string LeftOut => Copies.Count == 0 ? "" : $"{Files.LeftOut.ByName(Copies)}, the bytes of another file";

    private static UInt128 Hash(string path)
    {
        var hash = new XxHash128();
        using var stream = File.OpenRead(path);
        hash.Append(stream);
        return hash.GetCurrentHashAsUInt128();
    }
}
