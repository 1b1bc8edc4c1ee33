namespace LoptCluster.Architecture.Tests.Folders;

/// <summary>The folders directly below one folder, each with all that is below it, and their uses of one another.</summary>
internal sealed class FolderGraph
{
    private const int ShownArrows = 4;

    private readonly SortedDictionary<string, SortedDictionary<string, List<Arrow>>> _uses = new(StringComparer.Ordinal);

    /// <param name="arrows">All arrows of the product, or more.</param>
    /// <param name="project">Project whose folders are meant.</param>
    /// <param name="parent">Folder of the project; empty: its root.</param>
    public FolderGraph(IEnumerable<Arrow> arrows, string project, string parent)
    {
        foreach (var arrow in arrows.Where(a => a.From.Project == project && a.To.Project == project))
        {
            if (!arrow.From.IsBelow(parent) || !arrow.To.IsBelow(parent)) continue;
            string from = Child(arrow.From, parent), to = Child(arrow.To, parent);
            if (from == to) continue;
            if (!_uses.TryGetValue(from, out var targets)) _uses[from] = targets = new(StringComparer.Ordinal);
            if (!targets.TryGetValue(to, out var list)) targets[to] = list = [];
            list.Add(arrow);
        }
    }

    /// <summary>Every folder of a project that has folders below it; the root is empty.</summary>
    public static IEnumerable<string> Parents(IEnumerable<Arrow> arrows, string project)
    {
        string[] folders =
            [.. arrows.SelectMany(a => new[] { a.From, a.To }).Where(t => t.Project == project).Select(t => t.Folder).Distinct()];
        return folders.SelectMany(Ancestors).Distinct().Order(StringComparer.Ordinal);
    }

    /// <summary>The folders around a folder, the project's root first: "A.B" has "" and "A".</summary>
    public static IEnumerable<string> Ancestors(string folder)
    {
        if (folder.Length == 0) yield break;
        yield return "";
        for (int dot = folder.IndexOf('.'); dot >= 0; dot = folder.IndexOf('.', dot + 1)) yield return folder[..dot];
    }

    /// <summary>A cycle in words, with some of the types that close it; null: there is none.</summary>
    public string? DescribeCycle()
    {
        var done = new HashSet<string>();
        foreach (string start in _uses.Keys)
        {
            var path = new List<string>();
            if (!Visit(start, path, done)) continue;
            var steps = path[path.IndexOf(path[^1])..];
            return string.Join('\n', steps.Zip(steps.Skip(1), Describe));
        }

        return null;
    }

    /// <summary>Depth first; true: <paramref name="path"/> ends in a folder that it already holds.</summary>
    private bool Visit(string folder, List<string> path, HashSet<string> done)
    {
        bool closes = path.Contains(folder);
        path.Add(folder);
        if (closes) return true;
        if (!done.Contains(folder) && _uses.TryGetValue(folder, out var targets))
        {
            foreach (string target in targets.Keys)
                if (Visit(target, path, done)) return true;
        }

        done.Add(folder);
        path.RemoveAt(path.Count - 1);
        return false;
    }

    private string Describe(string from, string to)
    {
        var arrows = _uses[from][to];
        string more = arrows.Count > ShownArrows ? $" and {arrows.Count - ShownArrows} more" : "";
        return $"  {from} → {to}: {string.Join("; ", arrows.Take(ShownArrows).Select(a => $"{a.From.Name} uses {a.To.Name}"))}{more}";
    }

    private static string Child(CodeType type, string parent)
    {
        string below = parent.Length == 0 ? type.Folder : type.Folder[(parent.Length + 1)..];
        return below.Split('.')[0];
    }
}
