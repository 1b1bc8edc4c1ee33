using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Pathologies;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Pathologies;

public sealed class OuterLandscapeTests
{
    [Theory]
    [InlineData(0.3, 20)]
    [InlineData(0.7, 10)]
    public void LossAndGradient_TwoMinima_IsTheSlopeOfTheLoss(double momentum, int steps)
    {
        using var landscape = OuterLandscape.OfTwoMinima(OptimizerFamilies.Momentum);
        const double h = 1e-3;
        float[] theta = Theta(momentum), above = [.. theta], below = [.. theta];
        above[1] += (float)h;
        below[1] -= (float)h;

        var (loss, gradient) = landscape.LossAndGradient(theta, steps);

        Assert.Equal(landscape.Loss(theta, steps), loss);
        double slope = (landscape.Loss(above, steps) - landscape.Loss(below, steps)) / ((double)above[1] - below[1]);
        Assert.Equal(1, gradient[1] / slope, tolerance: 1e-2);
    }

    [Fact]
    public void Follow_TwoMinima_EndsWhereTheLossIsMeasured()
    {
        using var landscape = OuterLandscape.OfTwoMinima(OptimizerFamilies.Momentum);
        using var problem = new TwoMinimaProblem();
        var visited = new List<(int T, float W)>();
        double end = double.NaN;

        landscape.Follow(
            Theta(0.9),
            12,
            (t, w) =>
            {
                visited.Add((t, w[0]));
                end = problem.Loss(w, default);
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 13), visited.Select(v => v.T));
        Assert.Equal(TwoMinimaProblem.Start, visited[0].W);
        Assert.Equal(landscape.Loss(Theta(0.9), 12), end);
    }

    [Fact]
    public void Loss_OfATask_IsTheSameAgainAndDependsOnTheta()
    {
        var specification = PresetCatalog.Load("quickstart");
        using var landscape = OuterLandscape.OfTask(specification, DatasetCatalog.OpenRun(specification, null));
        float[] theta = OptimizerFactory.InitialTheta(specification), moved = [.. theta.Select(x => 1.1f * x)];

        double first = landscape.Loss(theta, 5);

        Assert.NotEqual(first, landscape.Loss(moved, 5));
        Assert.Equal(first, landscape.Loss(theta, 5));
    }

    private static float[] Theta(double momentum) =>
        OptimizerFamilies.Momentum.Theta.Point(("learningRate", 0.01), ("momentum", momentum));
}
