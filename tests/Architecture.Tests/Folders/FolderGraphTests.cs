using Xunit;

namespace LoptCluster.Architecture.Tests.Folders;

public sealed class FolderGraphTests
{
    [Fact]
    public void DescribeCycle_ThreeFoldersInACircle_NamesThemAndTheirTypes()
    {
        var sut = new FolderGraph([Use("A.Inner", "B"), Use("B", "C"), Use("C", "A"), Use("A", "D")], "P", "");
        Assert.Equal("  A → B: One uses Two\n  B → C: One uses Two\n  C → A: One uses Two", sut.DescribeCycle());
    }

    [Fact]
    public void DescribeCycle_ACircleThatTheFirstFolderOnlyLeadsTo_IsFound()
    {
        var sut = new FolderGraph([Use("A", "B"), Use("B", "C"), Use("C", "B")], "P", "");
        Assert.Equal("  B → C: One uses Two\n  C → B: One uses Two", sut.DescribeCycle());
    }

    [Fact]
    public void DescribeCycle_OneWayUses_AreNone()
    {
        var sut = new FolderGraph([Use("A", "B"), Use("A", "C"), Use("B", "C"), Use("C", ""), Use("", "A"), Use("A.X", "A.Y")], "P", "");
        Assert.Null(sut.DescribeCycle());
    }

    [Fact]
    public void DescribeCycle_BelowAFolder_LooksAtItsFoldersAlone()
    {
        Arrow[] arrows = [Use("A.X", "A.Y"), Use("A.Y", "A.X"), Use("A.X", "B"), Use("B", "A")];
        Assert.Equal("  X → Y: One uses Two\n  Y → X: One uses Two", new FolderGraph(arrows, "P", "A").DescribeCycle());
    }

    [Fact]
    public void Parents_AreTheFoldersWithFolders() =>
        Assert.Equal(["", "A", "A.B"], FolderGraph.Parents([Use("A.B.C", "D"), Use("", "A")], "P"));

    private static Arrow Use(string from, string to) => new(new CodeType("P", from, "One"), new CodeType("P", to, "Two"));
}
