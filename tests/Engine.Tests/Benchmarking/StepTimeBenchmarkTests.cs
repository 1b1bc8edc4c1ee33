using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Tests.Evaluation;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Benchmarking;

public sealed class StepTimeBenchmarkTests
{
    [Fact]
    public void Measure_AComparison_HasTheTimesOfEveryOptimizerAndElseTheSame()
    {
        float[] theta = OptimizerFactory.InitialTheta(SmallEvaluation.Specification);
        var compared = ComparisonRunner.Run(SmallEvaluation.Specification, SmallEvaluation.Dataset, theta, null, default);

        var measured = StepTimeBenchmark.Measure(SmallEvaluation.Specification, SmallEvaluation.Dataset, theta, compared, default);

        foreach (var optimizer in measured.Baselines.Append(measured.Learned))
        {
            Assert.Equal(5, optimizer.StepTimes.Length);
            Assert.All(optimizer.StepTimes, time => Assert.Equal(optimizer.StepTimes[0], time));
            Assert.InRange(optimizer.StepTimes[0].GradientSeconds, 1e-7, 1e-2);
            Assert.InRange(optimizer.StepTimes[0].UpdateSeconds, 1e-8, 1e-2);
        }

        // The MLP computes some hundred operations per parameter, momentum two.
        var momentum = measured.Baselines.Single(b => b.Name == "momentum");
        Assert.True(measured.Learned.StepTimes[0].UpdateSeconds > momentum.StepTimes[0].UpdateSeconds);
        Assert.Equal(compared.Learned.Losses, measured.Learned.Losses);
        Assert.Equal(compared.Baselines.SelectMany(b => b.Losses), measured.Baselines.SelectMany(b => b.Losses));
    }

    [Fact]
    public void Measure_AMixture_HasTheTimesOfEachKind()
    {
        const string tasks = "tasks=[{ name = \"narrow\", hiddenUnits = [8] }, { name = \"wide\", hiddenUnits = [128] }]";
        var specification = SpecificationKeys.Set(
            SmallEvaluation.Specification with { InnerSteps = 5, ComparisonTasks = 8 }, tasks);
        float[] theta = OptimizerFactory.InitialTheta(specification);
        var compared = ComparisonRunner.Run(specification, SmallEvaluation.Dataset, theta, null, default);
        Assert.Equal(["narrow", "wide"], compared.Kinds.Distinct().Order());

        var measured = StepTimeBenchmark.Measure(specification, SmallEvaluation.Dataset, theta, compared, default);

        var (narrow, wide) = (OfKind("narrow"), OfKind("wide"));
        Assert.Single(narrow.Distinct());
        Assert.Single(wide.Distinct());
        Assert.True(wide[0].UpdateSeconds > 2 * narrow[0].UpdateSeconds, $"{narrow[0]} {wide[0]}");

        StepTime[] OfKind(string kind) => [.. measured.Learned.StepTimes.Where((_, task) => measured.Kinds[task] == kind)];
    }

    [Fact]
    public void Measure_Cancelled_Throws()
    {
        float[] theta = OptimizerFactory.InitialTheta(SmallEvaluation.Specification);
        var specification = SmallEvaluation.Specification with { ComparisonTasks = 1, InnerSteps = 1 };
        var compared = ComparisonRunner.Run(specification, SmallEvaluation.Dataset, theta, null, default);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            StepTimeBenchmark.Measure(specification, SmallEvaluation.Dataset, theta, compared, new CancellationToken(true)));
    }
}
