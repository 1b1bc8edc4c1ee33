using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Sampling;

/// <summary>Problems of one run whose nets, and so the layouts of w, differ.</summary>
public sealed class SeveralLayoutsTests
{
    private static readonly RunSpecification Specification = new()
    {
        Dataset = DatasetKind.Procedural,
        ImageSize = 6,
        ImageChannels = 1,
        TrainImagesPerClass = 12,
        ValidImagesPerClass = 6,
        TaskClasses = 4,
        InnerProblem = InnerProblemKind.FullyConnected,
        MinibatchSize = 8,
        StepScale = 0.01,
        InnerSteps = 60,
        TruncationFirst = 10,
        TruncationLast = 10,
    };

    private static readonly IImageDataset Dataset = DatasetCatalog.Open(Specification, null);
    private static readonly PublishedTheta Theta = new(new ThetaSnapshot(0, OptimizerFactory.InitialTheta(Specification)), SamplePlan.All);

    [Fact]
    public void Measure_TwoNetsInTurn_GivesTheBitsOfSlotsOfTheirOwn()
    {
        using Slot shared = CreateSlot(), wideAlone = CreateSlot(), deepAlone = CreateSlot();
        InnerState wide = shared.Begin(2), deep = shared.Begin(3), sameWide = wideAlone.Begin(2), sameDeep = deepAlone.Begin(3);
        Assert.NotEqual(wide.Particles[0].W.Length, deep.Particles[0].W.Length);
        while (!wide.Finished)
        {
            AssertSame(wideAlone.Measure(sameWide, Theta, default), shared.Measure(wide, Theta, default));
            AssertSame(deepAlone.Measure(sameDeep, Theta, default), shared.Measure(deep, Theta, default));
            Assert.Equal(sameWide.Particles[0].W, wide.Particles[0].W);
            Assert.Equal(sameDeep.Particles[0].M, deep.Particles[0].M);
        }
    }

    [Fact]
    public void Recompute_TwoNetsInTurn_ReachesTheStates()
    {
        using Slot slot = CreateSlot(), another = CreateSlot();
        InnerState[] measured = [slot.Begin(2), slot.Begin(3)], recomputed = [another.Begin(2), another.Begin(3)];
        for (int i = 0; i < 6; i++)
        {
            var sample = slot.Measure(measured[i % 2], Theta, default);
            another.Recompute(recomputed[i % 2], Theta.Theta, sample.Steps, default);
        }

        Assert.Equal(measured.Select(s => s.Particles[0].W), recomputed.Select(s => s.Particles[0].W));
        Assert.Equal(measured.Select(s => s.Particles[0].M), recomputed.Select(s => s.Particles[0].M));
    }

    [Fact]
    public void MismatchOf_StateOfTheOtherNetOrAnotherHorizon_NamesIt()
    {
        using var slot = CreateSlot();
        var wide = slot.Begin(2);

        Assert.Null(slot.MismatchOf(As(problemId: 4, Specification.InnerSteps)));
        Assert.Contains("w of particle 0", slot.MismatchOf(As(problemId: 3, Specification.InnerSteps)), StringComparison.Ordinal);
        Assert.Equal("its horizon is 7 instead of 60", slot.MismatchOf(As(problemId: 4, horizon: 7)));

        InnerState As(long problemId, int horizon) => new() { ProblemId = problemId, Horizon = horizon, Particles = wide.Particles };
    }

    [Fact]
    public void LayoutFingerprint_OfTwoNets_TellsThemFromOne()
    {
        using Slot two = CreateSlot(), one = new(Specification, Dataset);
        string fingerprint = two.LayoutFingerprint();

        Assert.StartsWith("2 layouts, ", fingerprint, StringComparison.Ordinal);
        Assert.Equal(fingerprint, two.LayoutFingerprint());
        Assert.Equal(one.Problem.Layout.Fingerprint, one.LayoutFingerprint());
    }

    [Fact]
    public void Measure_AfterLayoutFingerprint_GivesTheSameBits()
    {
        using Slot slot = CreateSlot(), untouched = CreateSlot();
        InnerState state = slot.Begin(3), same = untouched.Begin(3);
        slot.LayoutFingerprint();

        AssertSame(untouched.Measure(same, Theta, default), slot.Measure(state, Theta, default));
    }

    /// <summary>A problem switch inside one slot costs nothing but the result, also between nets.</summary>
    [Fact]
    public void Measure_TwoNetsInTurn_AllocatesNoMoreThanOne()
    {
        using Slot two = CreateSlot(), one = new(Specification, Dataset);

        Assert.InRange(Allocated(two, 2, 3) - Allocated(one, 2, 4), -1000, 1000);

        // New problems each time: they end after some truncations.
        static long Allocated(Slot slot, long first, long second) => Allocation.Of(() =>
        {
            InnerState[] states = [slot.Begin(first), slot.Begin(second)];
            MeasureSix();
            return MeasureSix;

            void MeasureSix()
            {
                for (int i = 0; i < 6; i++) slot.Measure(states[i % 2], Theta, default);
            }
        });
    }

    private static void AssertSame(GradientSample a, GradientSample b)
    {
        Assert.Equal((a.Identity, a.Steps), (b.Identity, b.Steps));
        Assert.Equal(a.Losses, b.Losses);
        Assert.Equal(a.Gradients[0].Values.ToArray(), b.Gradients[0].Values.ToArray());
    }

    private static Slot CreateSlot() => new(Specification, Dataset, problems: new TwoNets());
}
