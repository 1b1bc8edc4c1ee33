using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Engine.Pathologies;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Pathologies;

public sealed class TruncatedDescentTests
{
    private const double Start = 0.01;

    [Fact]
    public void Run_WholeInnerTraining_MeasuresTheSlopeByTheLogarithmOfTheRate()
    {
        const double h = 0.01;

        double gradient = Run(20, Start, outerRate: 0)[0].Gradient;

        double above = Run(20, Start * Math.Exp(h), outerRate: 0)[0].Loss, below = Run(20, Start * Math.Exp(-h), outerRate: 0)[0].Loss;
        Assert.Equal(1, gradient * 2 * h / (above - below), tolerance: 1e-2);
    }

    [Fact]
    public void Run_Truncations_CoverTheHorizonInTurn()
    {
        var steps = Run(5, Start, outerRate: 0);

        Assert.Equal([0, 5, 10, 15, 0, 5, 10, 15], steps.Select(s => s.StartStep));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], steps.Select(s => s.Problem));
        Assert.All(steps, s => Assert.Equal(Start, s.Value, tolerance: 1e-8));
    }

    [Fact]
    public void Run_OuterRate_MovesTheValueAgainstTheGradient()
    {
        var steps = Run(20, Start, outerRate: 0.1);

        Assert.True(steps[0].Gradient < 0);
        Assert.Equal(Start * Math.Exp(0.1), steps[1].Value, tolerance: 1e-6);
    }

    private static IReadOnlyList<DescentStep> Run(int truncation, double start, double outerRate)
    {
        var specification = PresetCatalog.Load(
            "quickstart",
            "innerProblem=quadratic",
            "optimizer=adam",
            "estimator=backprop",
            "objective=train",
            "innerSteps=20",
            $"truncationFirst={truncation}",
            $"truncationLast={truncation}",
            "truncationJitter=0",
            "staggeredStarts=false",
            "gradientClip=0");
        return TruncatedDescent.Run(
            specification,
            DatasetCatalog.OpenRun(specification, null),
            ("learningRate", start),
            (new OuterAdam(0.9, 0.999, 1e-8), outerRate),
            problems: 2,
            TestContext.Current.CancellationToken);
    }
}
