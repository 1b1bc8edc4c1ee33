using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Engine.Unrolling;
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
    private static readonly ThetaSnapshot Theta = new(0, OptimizerFactory.InitialTheta(Specification));

    [Fact]
    public void Sample_OtherProblemsInBetween_GivesTheSameBits()
    {
        using var alone = new Slot(Specification, Dataset);
        using var shared = new Slot(Specification, Dataset);
        InnerState a = alone.Begin(3), b = shared.Begin(3), other = shared.Begin(8);
        while (!a.Finished)
        {
            shared.Sample(other, Theta, default);
            AssertSame(alone.Sample(a, Theta, default), shared.Sample(b, Theta, default));
            Assert.Equal(a.W, b.W);
            if (other.Finished) other = shared.Begin(9);
        }
    }

    [Fact]
    public void Sample_ToTheHorizon_CountsTruncationsAndEnds()
    {
        using var slot = new Slot(Specification, Dataset);
        var state = slot.Begin(5);
        int steps = 0, truncations = 0;
        GradientSample? last = null;
        while (!state.Finished)
        {
            last = slot.Sample(state, Theta, default);
            Assert.Equal((truncations++, steps), (last.Identity.Truncation, last.StartStep));
            Assert.InRange(last.Steps, 1, 10);
            steps += last.Steps;
        }

        Assert.Equal(Specification.InnerSteps, steps);
        Assert.True(last!.ProblemFinished);
    }

    [Fact]
    public void Replay_OfASample_ReachesItsState()
    {
        using var slot = new Slot(Specification, Dataset);
        using var another = new Slot(Specification, Dataset);
        InnerState sampled = slot.Begin(2), replayed = another.Begin(2);
        for (int i = 0; i < 3; i++)
        {
            var theta = new ThetaSnapshot(i, Theta.Values.ToArray().Select(x => x * (1 + (0.1f * i))).ToArray());
            var sample = slot.Sample(sampled, theta, default);
            another.Replay(replayed, theta, sample.Steps, default);
        }

        Assert.Equal((sampled.InnerStep, sampled.NextTruncation), (replayed.InnerStep, replayed.NextTruncation));
        Assert.Equal(sampled.W, replayed.W);
        Assert.Equal(sampled.M, replayed.M);
    }

    [Fact]
    public void Sample_Cancelled_LeavesTheState()
    {
        using var slot = new Slot(Specification, Dataset);
        var state = slot.Begin(1);
        float[] before = [.. state.W];
        Assert.Throws<OperationCanceledException>(() => slot.Sample(state, Theta, new CancellationToken(true)));
        Assert.Equal((0, 0), (state.InnerStep, state.NextTruncation));
        Assert.Equal(before, state.W);
    }

    [Fact]
    public void Sample_EstimatorEs_LeavesRpOutAndKeepsEs()
    {
        using var merged = new Slot(Specification, Dataset);
        using var es = new Slot(Specification with { Estimator = Estimator.Es }, Dataset);
        var a = merged.Sample(merged.Begin(1), Theta, default);
        var b = es.Sample(es.Begin(1), Theta, default);
        Assert.True(a.RpComputed && a.RpValid && !b.RpComputed && !b.RpValid);
        Assert.Equal(a.GradientEs.ToArray(), b.GradientEs.ToArray());
        Assert.Equal((a.PositiveLoss, a.NegativeLoss), (b.PositiveLoss, b.NegativeLoss));
    }

    [Fact]
    public void Sample_ShareOfRp_LeavesRpOutOfTheOthersAndChangesNothingElse()
    {
        var specification = Specification with { BatchSamples = 64, RpShare = RpSharePolicy.Adaptive };
        using var all = new Slot(Specification, Dataset);
        using var some = new Slot(specification, Dataset);
        int computed = 0;
        for (int p = 0; p < 40; p++)
        {
            GradientSample a = all.Sample(all.Begin(p), Theta, default), b = some.Sample(some.Begin(p), Theta with { RpShare = 0.3 }, default);
            Assert.Equal(a.GradientEs.ToArray(), b.GradientEs.ToArray());
            if (b.RpComputed) Assert.Equal(a.GradientRp.ToArray(), b.GradientRp.ToArray());
            else Assert.True(b.GradientRp.IsEmpty);
            computed += b.RpComputed ? 1 : 0;
        }

        Assert.InRange(computed, 4, 22);
    }

    [Fact]
    public void Sample_StateNotFinite_EndsTheProblemAndStillCounts()
    {
        using var slot = new Slot(Specification, Dataset);
        var state = slot.Begin(1);
        state.W[0] = float.NaN;
        var sample = slot.Sample(state, Theta, default);
        Assert.True(sample.ProblemFinished);
        Assert.Equal(Specification.LossCap, sample.PositiveLoss);
        Assert.All(sample.GradientEs.ToArray(), g => Assert.Equal(0, g));
        Assert.True(sample.RpValid);
    }

    /// <summary>
    /// Both estimators are unbiased for the gradient of the smoothed objective (§3), so their means over many samples must agree.
    /// Quadratic, u = SGD: one dimension of θ, where g_es has little enough variance to tell.
    /// </summary>
    [Fact]
    public void Sample_Many_EstimatorsAgreeInTheMean()
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
        var theta = new ThetaSnapshot(0, new[] { 0.05f });
        const int n = 2000;
        double sum = 0, sumSquares = 0, rp = 0;
        for (int p = 0; p < n; p++)
        {
            var sample = slot.Sample(slot.Begin(p), theta, default);
            double difference = sample.GradientEs.Span[0] - sample.GradientRp.Span[0];
            sum += difference;
            sumSquares += difference * difference;
            rp += sample.GradientRp.Span[0];
        }

        double standardError = Math.Sqrt(sumSquares / n / n);
        Assert.True(Math.Abs(sum / n) < 4 * standardError, $"mean difference {sum / n}, standard error {standardError}");
        Assert.True(Math.Abs(rp / n) > 8 * standardError, "the gradient itself must stand out of the noise, or the test says nothing");
    }

    private static void AssertSame(GradientSample a, GradientSample b)
    {
        Assert.Equal(a.Identity, b.Identity);
        Assert.Equal((a.PositiveLoss, a.NegativeLoss, a.Steps), (b.PositiveLoss, b.NegativeLoss, b.Steps));
        Assert.Equal(a.GradientRp.ToArray(), b.GradientRp.ToArray());
        Assert.Equal(a.GradientEs.ToArray(), b.GradientEs.ToArray());
    }
}
