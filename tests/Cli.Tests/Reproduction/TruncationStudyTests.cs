using LoptCluster.Cli.Reproduction;
using LoptCluster.Cli.Reproduction.Figures;
using LoptCluster.Engine.OuterTraining;
using Xunit;

namespace LoptCluster.Cli.Tests.Reproduction;

public sealed class TruncationStudyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-truncations-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Trained_OuterRateThatDiverges_IsLossesUpToTheCapAndFiniteRates()
    {
        var run = CreateRun();
        var outer = new StudiedOuterOptimizer("diverging", "SGD 1e6", new OuterSgd(), 1e6);

        var rows = TruncationStudy.Trained(run, outer).Rows.ToList();

        double cap = TruncationStudy.Specification(run, 1, 5).LossCap;
        Assert.All(rows, row => Assert.InRange(row.Number("loss"), 0, cap));
        Assert.All(rows, row => Assert.InRange(row.Number("learningRate"), 1e-9, 1e3));
        var (steps, last) = (run.Sizes.InnerSteps, run.Sizes.InnerTrainings - 1);
        var whole = rows.Where(row => row.Count("truncation") == steps && row.Count("training") == last).ToList();
        Assert.All(whole, row => Assert.InRange(row.Number("loss"), cap / 2, cap));
        Assert.All(whole, row => Assert.Equal(1e3, row.Number("learningRate")));
    }

    [Fact]
    public void Trained_OtherOuterOptimizers_DifferAfterTheFirstInnerTraining()
    {
        var run = CreateRun();
        var without = TruncationStudy.Standard with { Key = "other", Rule = TruncationStudy.Adam(beta1: 0) };

        var first = Rates(TruncationStudy.Trained(run, TruncationStudy.Standard));
        var second = Rates(TruncationStudy.Trained(run, without));

        // Of one truncation an inner-training; both rules make the same first step, by the sign of the gradient.
        Assert.Equal(first[0], second[0]);
        Assert.Equal(first[1], second[1], tolerance: 1e-6);
        Assert.NotEqual(first[2], second[2], tolerance: 1e-6);

        double[] Rates(CsvTable table) =>
        [
            .. table.Rows.Where(row => row.Count("truncation") == run.Sizes.InnerSteps && row.Count("seed") == 1)
                .Select(row => row.Number("learningRate")),
        ];
    }

    private FigureRun CreateRun() => new(TinySizes.Value, null, _folder.FullName, new NoTrainer(), TestContext.Current.CancellationToken);
}
