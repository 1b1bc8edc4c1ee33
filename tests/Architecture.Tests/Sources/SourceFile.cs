using System.Text.RegularExpressions;
using LoptCluster.TestKit;

namespace LoptCluster.Architecture.Tests.Sources;

/// <summary>A .cs file of the repository.</summary>
/// <param name="path">From the repository's root, with '/'.</param>
internal sealed partial class SourceFile(string path)
{
    private static readonly string[] Roots = ["src", "tests", "bench", "examples"];

    private string[]? _lines;

    /// <summary>Every file that a person writes.</summary>
    public static IReadOnlyList<SourceFile> All { get; } =
        [.. Roots.SelectMany(Below).Order(StringComparer.Ordinal).Select(path => new SourceFile(path))];

    /// <summary>The files of src.</summary>
    public static IEnumerable<SourceFile> Product => All.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal));

    public string Path => path;

    public string Folder => path[..path.LastIndexOf('/')];

    /// <summary>"Slot" for Slot.cs and Slot.Parts.cs.</summary>
    public string Stem => System.IO.Path.GetFileName(path).Split('.')[0];

    public IReadOnlyList<string> Lines => _lines ??= File.ReadAllLines(Repository.PathOf(path));

    /// <summary>Name of every type that is declared at the file's outermost level, and whether it is public and partial.</summary>
    public IEnumerable<(string Name, bool IsPublic, bool IsPartial)> Types =>
        from line in Lines
        let match = Declaration().Match(line)
        where match.Success
        let modifiers = match.Groups["modifiers"].Value.Split(' ')
        select (match.Groups["name"].Value, modifiers.Contains("public"), modifiers.Contains("partial"));

    /// <summary>The file-scoped namespace, if there is one.</summary>
    public string? Namespace =>
        Lines.Select(line => NamespaceDeclaration().Match(line)).FirstOrDefault(m => m.Success)?.Groups["name"].Value;

    private static IEnumerable<string> Below(string root)
    {
        string folder = Repository.PathOf(root);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
                .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            : [];
    }

    [GeneratedRegex(
        @"^(?<modifiers>(?:(?:public|internal|file|static|sealed|abstract|readonly|ref|unsafe|partial)\s+)+)"
            + @"(?:class|record struct|record class|record|struct|interface|enum|delegate\s+\S+)\s+(?<name>\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)")]
    private static partial Regex NamespaceDeclaration();
}
