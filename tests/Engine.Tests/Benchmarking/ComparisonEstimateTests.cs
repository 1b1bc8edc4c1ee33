using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Tests.Evaluation;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Benchmarking;

public sealed class ComparisonEstimateTests
{
    private static readonly float[] Theta = OptimizerFactory.InitialTheta(SmallEvaluation.Specification);

    /// <summary>θ once and three baselines with 11 learning rates each, on every task.</summary>
    [Fact]
    public void Measure_CountsEveryInnerTraining()
    {
        var estimate = Of(SmallEvaluation.Specification with { ComparisonTasks = 7 });

        Assert.Equal(7 * 34, estimate.InnerTrainings);
        Assert.InRange(estimate.Time, TimeSpan.FromMicroseconds(10), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void Measure_LongHorizons_TakeInProportionLonger()
    {
        var shorter = Of(SmallEvaluation.Specification with { InnerSteps = 10 });
        var longer = Of(SmallEvaluation.Specification with { InnerSteps = 10_000 });

        // A thousand times, and a wide margin for what else the machine does.
        Assert.InRange(longer.Time / shorter.Time, 100, 10_000);
    }

    [Fact]
    public void Measure_Cancelled_Throws() =>
        Assert.Throws<OperationCanceledException>(() => ComparisonEstimate.Measure(
            SmallEvaluation.Specification, SmallEvaluation.Dataset, Theta, new CancellationToken(canceled: true)));

    private static ComparisonEstimate Of(RunSpecification specification) =>
        ComparisonEstimate.Measure(specification, SmallEvaluation.Dataset, Theta, TestContext.Current.CancellationToken);
}
