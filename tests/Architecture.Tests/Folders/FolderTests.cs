using Xunit;

namespace LoptCluster.Architecture.Tests.Folders;

/// <summary>Inside a project too, arrows point one way. A folder is a namespace.</summary>
public sealed class FolderTests
{
    [Fact]
    public void Folders_OfOneParent_HaveNoCycle()
    {
        string[] cycles =
        [
            .. from project in ProductCode.Projects.Keys
               from parent in FolderGraph.Parents(ProductCode.Arrows, project)
               let cycle = new FolderGraph(ProductCode.Arrows, project, parent).DescribeCycle()
               where cycle is not null
               select $"{project}{(parent.Length > 0 ? "." : "")}{parent}:\n{cycle}",
        ];
        Rule.HasNone(cycles, "Move a type, so that the folders use one another one way.");
    }

    [Fact]
    public void Folders_UseTheLayersBelowThemOnly()
    {
        var wrong = ProductCode.Arrows.Where(
            a => a.From.Project == a.To.Project && a.From.Folder.Length > 0 && a.To.Folder.Length > 0 && Layer(a.To) > Layer(a.From));
        Rule.HasNone(wrong, "Move a type, or the folder in FolderLayers.cs.");
    }

    [Fact]
    public void FolderLayers_ListEveryFolder()
    {
        string[] folders =
        [
            .. ProductCode.Arrows.SelectMany(a => new[] { a.From, a.To }).Where(t => t.Folder.Length > 0)
                .Select(t => $"{t.Project}.{t.Folder.Split('.')[0]}").Distinct().Order(StringComparer.Ordinal),
        ];
        string[] listed = [.. FolderLayers.Of.SelectMany(p => p.Value.Select(f => $"{p.Key}.{f}")).Order(StringComparer.Ordinal)];
        Assert.True(
            !folders.Except(listed).Any(),
            $"FolderLayers.cs does not list {string.Join(", ", folders.Except(listed))}: put it in its place.");
        Assert.All(listed.Except(folders), f => Assert.True(HasSources(f), $"FolderLayers.cs lists {f}, which is not there: remove it."));
    }

    /// <summary>The root composes. What its folders may use of it are words: options, exceptions, the version.</summary>
    [Fact]
    public void Folders_UseNothingOfTheRootButItsVocabulary()
    {
        var wrong = ProductCode.Arrows.Where(a =>
            a.From.Project == a.To.Project && a.From.Folder.Length > 0 && a.To.Folder.Length == 0 && !FolderRoles.IsRootVocabulary(a.To));
        Rule.HasNone(wrong, "Move the type that is used from the root into a folder.");
    }

    /// <summary>
    /// A folder holds the contract, the folders below it the implementations; a type that chooses between them names that in its name.
    /// </summary>
    [Fact]
    public void FoldersBelow_AreUsedByTheComposingTypesOfTheirParentsOnly()
    {
        var wrong = ProductCode.Arrows.Where(a =>
            a.From.Project == a.To.Project && a.From.Folder.Length > 0 && a.To.IsBelow(a.From.Folder) && !FolderRoles.Composes(a.From));
        Rule.HasNone(wrong, "Move a type, or let a factory, catalog or registry choose.");
    }

    [Fact]
    public void FoldersBelow_DoNotUseTheComposingTypesOfTheirParents()
    {
        var wrong = ProductCode.Arrows.Where(a =>
            a.From.Project == a.To.Project && a.To.Folder.Length > 0 && a.From.IsBelow(a.To.Folder) && FolderRoles.Composes(a.To));
        Rule.HasNone(wrong, "Hand over what is needed of the factory's product.");
    }

    /// <summary>A folder that is not in the table is beneath all others: what it uses is then reported.</summary>
    private static int Layer(CodeType type) => Array.IndexOf(FolderLayers.Of[type.Project], type.Folder.Split('.')[0]);

    private static bool HasSources(string folder) => Directory.Exists(TestKit.Repository.PathOf($"src/{folder.Replace('.', '/')}"));
}
