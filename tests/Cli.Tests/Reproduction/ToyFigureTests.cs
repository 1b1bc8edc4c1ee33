using LoptCluster.Cli.Reproduction;
using Xunit;

namespace LoptCluster.Cli.Tests.Reproduction;

/// <summary>What Figure 9 must show at any size, since nothing in it is random.</summary>
public sealed class ToyFigureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-toys-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0.9)]
    [InlineData(0)]
    public void Trajectories_FromLowLearningRatesToHighOnes_EndInTheFirstMinimumThenTheSecondThenDiverge(double momentum)
    {
        var trajectories = Make("9b").Rows.Where(row => row.Number("momentum") == momentum)
            .GroupBy(row => row.Number("learningRate"))
            .Select(rate => (Rate: rate.Key, Steps: rate.Last().Count("step"), W: rate.Last().Number("w")))
            .OrderBy(t => t.Rate)
            .ToList();

        Assert.Equal(0, trajectories[0].W, tolerance: 0.05);
        Assert.Contains(trajectories, t => t.Steps == 200 && Math.Abs(t.W - 3.569) < 0.05);
        Assert.True(trajectories[^1].Steps < 200, "The highest learning rate should diverge.");
    }

    [Fact]
    public void Landscape_AtEveryLearningRate_HasALossUpToTheCapAndNoSlopeThere()
    {
        var rows = Make("9c").Rows.ToList();

        Assert.All(rows, row => Assert.InRange(row.Number("loss"), -3.2, 1e6));
        Assert.All(rows.Where(row => row.Number("loss") == 1e6), row => Assert.Equal(0, row.Number("slope")));
        Assert.Contains(rows, row => row.Number("loss") == 1e6 && row.Count("steps") == 200);
    }

    private CsvTable Make(string id)
    {
        var request = new ReproductionRequest(ReproductionScale.Small, null, _folder.FullName);
        request.Make(
            FigureCatalog.Select(id).Single(), TinySizes.Value, new NoTrainer(), TimeProvider.System, out var data,
            TestContext.Current.CancellationToken);
        return data.Table;
    }
}
