using Xunit;

namespace LoptCluster.Architecture.Tests.Sources;

/// <summary>Size, names and comments of the files. Each failure lists file and line.</summary>
public sealed class SourceRuleTests
{
    /// <summary>Lines of a file of src; most are far shorter (<see cref="MedianLines"/>).</summary>
    private const int MostLines = 250;

    private const int MedianLines = 50;

    private const int MostPartials = 2;

    /// <summary>A summary of so few words repeats the name: it is left out, or says more.</summary>
    private const int TooFewWords = 3;

    [Fact]
    public void Lines_AreAsShortAsEditorConfigSays() =>
        Rule.HasNone(
            from file in SourceFile.All
            from line in file.Lines.Index()
            where line.Item.Length > EditorConfig.MaxLineLength
            select $"{file.Path}:{line.Index + 1}: {line.Item.Length} columns",
            $"Wrap the line: at most {EditorConfig.MaxLineLength} columns (max_line_length of .editorconfig).");

    [Fact]
    public void FilesOfTheProduct_AreShort() =>
        Rule.HasNone(
            from file in SourceFile.Product
            where file.Lines.Count > MostLines && !SourceExceptions.MayBeLong(file)
            select $"{file.Path}:{MostLines + 1}: {file.Lines.Count} lines",
            $"Split the type by its jobs: at most {MostLines} lines a file.");

    [Fact]
    public void FilesOfTheProduct_InTheMiddle_AreVeryShort()
    {
        int[] lengths = [.. SourceFile.Product.Select(f => f.Lines.Count).Order()];
        Assert.InRange(lengths[lengths.Length / 2], 1, MedianLines);
    }

    [Fact]
    public void Types_AreInTwoFilesAtMost() =>
        Rule.HasNone(
            from file in SourceFile.Product
            from type in file.Types
            where type.IsPartial
            group file.Path by $"{file.Folder}/{type.Name}" into parts
            where parts.Distinct().Count() > MostPartials && !SourceExceptions.Partials.ContainsKey(parts.Key)
            select $"{parts.First()}: {parts.Key} is in {parts.Count()} files",
            $"Split the type by its jobs, or join its files: at most {MostPartials}.");

    [Fact]
    public void Files_AreNamedAsTheirTypeAndHaveOnePublicType() =>
        Rule.HasNone(
            from file in SourceFile.Product
            where !SourceExceptions.Families.ContainsKey(file.Path)
            let types = file.Types.ToArray()
            let named = types.Length == 0 || types.Any(t => t.Name == file.Stem)
            where !named || types.Count(t => t.IsPublic) > 1
            select $"{file.Path}: {string.Join(", ", types.Select(t => t.Name))}",
            "Give each public type a file of its name (a closed family may be listed in SourceExceptions.Families).");

    [Fact]
    public void Namespaces_AreTheFolders() =>
        Rule.HasNone(
            from file in SourceFile.All
            where file.Path.StartsWith("src/", StringComparison.Ordinal) || file.Path.StartsWith("tests/", StringComparison.Ordinal)
            let folder = $"LoptCluster.{file.Folder[(file.Folder.IndexOf('/') + 1)..].Replace('/', '.')}"
            where file.Namespace is { } space && space != folder
            select $"{file.Path}: {file.Namespace}",
            "Name the namespace as the folder.");

    [Fact]
    public void Summaries_SayMoreThanTheName() =>
        Rule.HasNone(
            from file in SourceFile.All
            from summary in Summaries.Of(file.Lines)
            where summary.Words.Length <= TooFewWords
            select $"{file.Path}:{summary.Line}: {string.Join(' ', summary.Words)}",
            $"Write a phrase of more than {TooFewWords} words, or remove the summary.");

    [Fact]
    public void Exceptions_AreStillNeeded()
    {
        Assert.All(SourceExceptions.Families.Keys, path => Assert.Contains(SourceFile.Product, f => f.Path == path));
        Assert.All(
            SourceExceptions.Partials.Keys,
            type => Assert.True(SourceFile.Product.Count(f => $"{f.Folder}/{f.Stem}" == type) > MostPartials, type));
    }
}
