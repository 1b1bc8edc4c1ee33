using System.Globalization;
using System.Xml.Linq;
using LoptCluster.Cli.Drawing;
using LoptCluster.Cli.Reproduction;
using LoptCluster.Cli.Tests.Drawing;
using LoptCluster.Shared;
using SkiaSharp;
using Xunit;

namespace LoptCluster.Cli.Tests.Reproduction;

public sealed class FigureCatalogTests(TrainedRuns runs) : IClassFixture<TrainedRuns>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-figures-");

    private OneRunTrainer Trainer => new(runs.Learned, runs.Searched);

    public static TheoryData<string> Ids => [.. FigureCatalog.All.Select(f => f.Id)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void All_Ids_AreDistinct() => Assert.Equal(FigureCatalog.All.Length, FigureCatalog.All.Select(f => f.Id).Distinct().Count());

    [Theory]
    [InlineData("2c", new[] { "2c" })]
    [InlineData("3", new[] { "3a", "3b", "3c" })]
    [InlineData("2", new[] { "2a", "2b", "2c", "2d", "2e", "2f" })]
    [InlineData("9", new[] { "9b", "9c" })]
    [InlineData("18", new[] { "18" })]
    [InlineData("table-g", new[] { "table-g" })]
    public void Select_IdOrNumber_GivesItsPanels(string name, string[] ids) =>
        Assert.Equal(ids, FigureCatalog.Select(name).Select(f => f.Id));

    [Fact]
    public void Select_All_GivesEveryFigure() => Assert.Equal(FigureCatalog.All, FigureCatalog.Select("all"));

    [Theory]
    [InlineData("2x")]
    [InlineData("1")]
    [InlineData("table")]
    [InlineData("")]
    public void Select_UnknownFigure_IsRefusedWithThoseThereAre(string name)
    {
        var error = Assert.Throws<UserErrorException>(() => FigureCatalog.Select(name));

        Assert.Contains($"Figure '{name}' cannot be made.", error.Message, StringComparison.Ordinal);
        Assert.Contains("2a, 2b", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Make_AnyFigure_WritesItsColumnsFiniteNumbersAndItsCaption(string id)
    {
        var figure = FigureCatalog.Select(id).Single();
        var request = new ReproductionRequest(ReproductionScale.Small, null, _folder.FullName);

        var trainer = Trainer;
        var files = request.Make(figure, TinySizes.Value, trainer, TimeProvider.System, out _, TestContext.Current.CancellationToken);

        Assert.Equal(Named(figure.Studies(TinySizes.Value, null)), Named(trainer.Asked));
        var table = CsvTable.Read(files.Csv);
        Assert.Equal(figure.Columns, table.Columns);
        Assert.NotEqual(0, table.Count);
        Assert.All(table.Rows.SelectMany(row => row.Cells), cell => Assert.True(IsWordOrFinite(cell), cell));
        Assert.All(CsvTable.Read(files.Numbers).Rows, row => Assert.True(row.Number("lower") <= row.Number("upper"), row["number"]));
        string svg = File.ReadAllText(files.Svg);
        Assert.Contains($"lopt reproduce {id} --scale small", svg, StringComparison.Ordinal);
        Assert.Contains(figure.IsRandom ? "seeds 1 to 2" : "nothing random", svg, StringComparison.Ordinal);
        Assert.Contains(Machine.Describe(), svg, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.Empty(FigureText.WithoutGlyph(svg));
        Assert.Null(files.Draw());
        var picture = XDocument.Parse(svg).Root!;
        var pixels = SKBitmap.DecodeBounds(files.Png).Size;
        Assert.Equal((int)picture.Attribute("width")! * PngImage.Scale, pixels.Width);
        Assert.Equal((int)picture.Attribute("height")! * PngImage.Scale, pixels.Height);
    }

    private static IEnumerable<(string, int)> Named(IEnumerable<FigureStudy> studies) => studies.Select(s => (s.Name, s.Cases.Length));

    [Fact]
    public void Make_SpeedOfOptimizers_IsMeasuredAgainAndLeavesNoRecord()
    {
        var figure = FigureCatalog.Select("table-g").Single();
        var request = new ReproductionRequest(ReproductionScale.Small, null, _folder.FullName);
        var cancellation = TestContext.Current.CancellationToken;
        string first = File.ReadAllText(request.Make(figure, TinySizes.Value, Trainer, TimeProvider.System, out _, cancellation).Csv);

        string again = File.ReadAllText(request.Make(figure, TinySizes.Value, Trainer, TimeProvider.System, out _, cancellation).Csv);

        Assert.NotEqual(first, again);
        Assert.False(Directory.Exists(FigureFiles.Records(_folder.FullName)));
    }

    [Fact]
    public void Make_Again_KeepsFinishedExperimentsAndGivesTheSameData()
    {
        var figure = FigureCatalog.Select("2d").Single();
        var request = new ReproductionRequest(ReproductionScale.Small, null, _folder.FullName);
        var cancellation = TestContext.Current.CancellationToken;
        var files = request.Make(figure, TinySizes.Value, Trainer, TimeProvider.System, out _, cancellation);
        string first = File.ReadAllText(files.Csv);
        string[] records = Directory.GetFiles(FigureFiles.Records(_folder.FullName));
        File.Delete(records[0]);
        File.SetLastWriteTimeUtc(records[1], DateTime.UnixEpoch);

        request.Make(figure, TinySizes.Value, Trainer, TimeProvider.System, out _, cancellation);

        Assert.Equal(first, File.ReadAllText(files.Csv));
        Assert.True(File.Exists(records[0]));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(records[1]));
    }

    [Fact]
    public void Make_OtherSizes_DoesNotUseTheRecordsOfThese()
    {
        var figure = FigureCatalog.Select("2d").Single();
        var request = new ReproductionRequest(ReproductionScale.Small, null, _folder.FullName);
        var cancellation = TestContext.Current.CancellationToken;
        request.Make(figure, TinySizes.Value, Trainer, TimeProvider.System, out _, cancellation);

        var files = request.Make(figure, TinySizes.Value with { Trajectories = 4 }, Trainer, TimeProvider.System, out _, cancellation);

        Assert.Equal(4, CsvTable.Read(files.Csv).Rows.Select(row => row["learningRate"]).Distinct().Count());
    }

    private static bool IsWordOrFinite(string cell) =>
        cell.Length > 0 && (!double.TryParse(cell, CultureInfo.InvariantCulture, out double number) || double.IsFinite(number));
}
