using System.Text.RegularExpressions;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Reproduction;
using LoptCluster.Cli.Tests.Reproduction;
using LoptCluster.Engine.Evaluation;
using Xunit;

namespace LoptCluster.Cli.Tests.Documents;

/// <summary>docs/RESULTS.md against the files of docs/results, and these against what the command gives today.</summary>
public sealed partial class ResultsPageTests : IDisposable
{
    private static readonly string Docs = Path.Combine(GeneratedDocument.RepositoryRoot(), "docs");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-results-");

    public static TheoryData<string> Ids => [.. FigureCatalog.All.Select(f => f.Id)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Results_TablesOfAFigure_AreThoseOfItsFile(string id)
    {
        string section = Section(id);
        string expected = string.Concat(CsvTable.Read(Committed(id).Numbers).Rows.Select(Row));

        Assert.True(section.Contains(expected, StringComparison.Ordinal), $"docs/RESULTS.md, figure {id}, should have:\n{expected}");
        Assert.Equal(expected.Count(c => c == '\n'), TableRows().Count(section));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Results_SectionOfAFigure_HasClaimVerdictCommandAndPicture(string id)
    {
        string section = Section(id);

        Assert.Contains(FigureCatalog.Select(id).Single().Claim, section, StringComparison.Ordinal);
        Assert.Matches(@"\*\*(Reproduced|Reproduced in part|Not reproduced|Not decidable at this scale)\.\*\*", section);
        Assert.Contains($"`lopt reproduce {id}`", section, StringComparison.Ordinal);
        Assert.Contains($"(images/results/{id}.svg)", section, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Docs, "images", "results", $"{id}.svg")));
    }

    /// <summary>Those of nothing random, which are made in a moment.</summary>
    [Theory]
    [InlineData("2a")]
    [InlineData("2b")]
    [InlineData("2c")]
    [InlineData("9b")]
    [InlineData("9c")]
    public void Results_FilesOfAToy_AreWhatTheCommandGives(string id)
    {
        var request = new ReproductionRequest(ReproductionScale.Small, null, _folder.FullName);

        var files = request.Make(
            FigureCatalog.Select(id).Single(),
            FigureSizes.Of(ReproductionScale.Small),
            new NoTrainer(),
            TimeProvider.System,
            out _,
            TestContext.Current.CancellationToken);

        Assert.Equal(File.ReadAllText(Committed(id).Csv), File.ReadAllText(files.Csv));
        Assert.Equal(File.ReadAllText(Committed(id).Numbers), File.ReadAllText(files.Numbers));
    }

    private static FigureFiles Committed(string id) => new(Path.Combine(Docs, "results"), id);

    private static string Section(string id)
    {
        string text = File.ReadAllText(Path.Combine(Docs, "RESULTS.md"));
        string name = FigureCatalog.Select(id).Single().Name;
        int begin = text.IndexOf($"\n## {name}\n", StringComparison.Ordinal);
        Assert.True(begin >= 0, $"docs/RESULTS.md has no section '## {name}'.");
        int end = text.IndexOf("\n## ", begin + 1, StringComparison.Ordinal);
        return end < 0 ? text[begin..] : text[begin..end];
    }

    private static string Row(CsvRow row)
    {
        var q = new Quartiles(row.Number("lower"), row.Number("median"), row.Number("upper"));
        string quartiles = q.Lower == q.Upper ? "" : $"{DisplayFormat.Number(q.Lower)} to {DisplayFormat.Number(q.Upper)}";
        return $"| {GeneratedDocument.Cell(row["number"])} | {DisplayFormat.Number(q.Median)} | {quartiles} |\n";
    }

    /// <summary>Rows with numbers, not those of the head.</summary>
    [GeneratedRegex(@"^\| (?!number \|)[^-\n].*\|$", RegexOptions.Multiline)]
    private static partial Regex TableRows();
}
