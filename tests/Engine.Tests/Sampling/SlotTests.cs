using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Sampling;

public sealed class SlotTests
{
    private static readonly RunSpecification Specification = SmallProblem.Specification with
    {
        StepScale = 0.01,
        InnerSteps = 40,
        TruncationFirst = 9,
        TruncationLast = 9,
        BatchSamples = 4,
    };

    private static readonly IImageDataset Dataset = SmallProblem.Dataset;
    private static readonly PublishedTheta Theta = new(new ThetaSnapshot(0, OptimizerFactory.InitialTheta(Specification)), SamplePlan.All);

    [Fact]
    public void Measure_ToTheHorizon_CountsTruncationsAndEnds()
    {
        using var slot = new Slot(Specification, Dataset);
        var state = slot.Begin(5);
        int steps = 0, truncations = 0;
        GradientSample? last = null;
        while (!state.Finished)
        {
            last = slot.Measure(state, Theta, default);
            Assert.Equal((truncations++, steps), (last.Identity.Truncation, last.StartStep));
            Assert.InRange(last.Steps, 1, 10);
            steps += last.Steps;
        }

        Assert.Equal(Specification.InnerSteps, steps);
        Assert.True(last!.ProblemFinished);
    }

    [Fact]
    public void Measure_EstimatorEs_LeavesRpOutAndChangesNothingElse()
    {
        using var merged = new Slot(Specification, Dataset);
        using var es = new Slot(Specification with { Estimator = Estimator.Es }, Dataset);
        var a = merged.Measure(merged.Begin(1), Theta, default);
        var b = es.Measure(es.Begin(1), Theta, default);
        Assert.True(a.Measured(EstimatorId.Rp)!.IsFinite);
        Assert.Empty(b.Gradients);
        Assert.Equal(a.Losses, b.Losses);
    }

    [Fact]
    public void Measure_ShareOfRp_LeavesRpOutOfTheOthersAndChangesNothingElse()
    {
        var specification = Specification with { BatchSamples = 64, RpShare = RpSharePolicy.Adaptive };
        using var all = new Slot(Specification, Dataset);
        using var some = new Slot(specification, Dataset);
        var share = Theta with { Plan = new SamplePlan(0.3) };
        int computed = 0;
        for (int p = 0; p < 40; p++)
        {
            GradientSample a = all.Measure(all.Begin(p), Theta, default), b = some.Measure(some.Begin(p), share, default);
            Assert.Equal(a.Losses, b.Losses);
            if (b.Measured(EstimatorId.Rp) is not { } rp) continue;
            Assert.Equal(a.Measured(EstimatorId.Rp)!.Values.ToArray(), rp.Values.ToArray());
            computed++;
        }

        Assert.InRange(computed, 4, 22);
    }

    /// <summary>
    /// Both estimators are unbiased for the gradient of the smoothed objective (§3), so their means over many samples must agree.
    /// Quadratic, u = SGD: one dimension of θ, where g_es has little enough variance to tell.
    /// </summary>
    [Fact]
    public void Measure_Many_EstimatorsAgreeInTheMean()
    {
        var specification = Specification with
        {
            InnerProblem = InnerProblemKind.Quadratic,
            QuadraticDimensions = 4,
            Optimizer = OptimizerKind.Sgd,
            PerturbationStd = 0.01,
            Objective = OuterObjective.Train,
            LossCap = 1e6,
        };
        using var slot = new Slot(specification, Dataset);
        var theta = new PublishedTheta(new ThetaSnapshot(0, OptimizerFamilies.Sgd.Theta.Point(("learningRate", 0.05))), SamplePlan.All);
        var formation = EstimatorRegistry.Find(Estimator.Merged).Method.CreateFormation(
            EstimatorOptions.From(specification, thetaLength: 1));
        const int n = 2000;
        double sum = 0, sumSquares = 0, rp = 0;
        for (int p = 0; p < n; p++)
        {
            var sample = slot.Measure(slot.Begin(p), theta, default);
            var gradients = formation.Gradients(sample).ToDictionary(g => g.Estimator, g => g.Values.Span[0]);
            double difference = gradients[EstimatorId.Es] - gradients[EstimatorId.Rp];
            sum += difference;
            sumSquares += difference * difference;
            rp += gradients[EstimatorId.Rp];
        }

        double standardError = Math.Sqrt(sumSquares / n / n);
        Assert.True(Math.Abs(sum / n) < 4 * standardError, $"mean difference {sum / n}, standard error {standardError}");
        Assert.True(Math.Abs(rp / n) > 8 * standardError, "the gradient itself must stand out of the noise, or the test says nothing");
    }
}
