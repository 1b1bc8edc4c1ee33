using LoptCluster.Coordinator.Intake;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Intake;

public sealed class MeasurementInspectorTests
{
    private static readonly RunSpecification Adaptive = new() { RpShare = RpSharePolicy.Adaptive, BatchSamples = 64 };

    [Fact]
    public void Inspect_SampleThatFollowsTheDraw_PassesAndTheOtherIsRefusedByName()
    {
        var choice = MeasurementChoice.From(Adaptive);
        var sut = CreateSut(Adaptive, (4, 1), (5, 0.25));
        int drawn = 0;
        for (int problem = 0; problem < 100; problem++)
        {
            bool measures = !choice.Of(new SamplePlan(0.25), 5, new SampleIdentity(problem, 2)).IsEmpty;
            if (measures) drawn++;
            Assert.Null(sut.Inspect(Sample(5, problem, measures)));
            var refusal = Assert.NotNull(sut.Inspect(Sample(5, problem, !measures)));
            Assert.Contains("θ version 5", refusal.Detail, StringComparison.Ordinal);
        }

        Assert.InRange(drawn, 10, 45);
        Assert.NotNull(sut.Inspect(Sample(4, 1, measuresRp: false)));
    }

    [Fact]
    public void Inspect_VersionFromBeforeARestart_FollowsThePlanInTheFile()
    {
        var sut = CreateSut(new RunSpecification(), (5, 1));
        Assert.Null(sut.Inspect(Sample(4, 1, measuresRp: true)));
        var refusal = Assert.NotNull(sut.Inspect(Sample(4, 1, measuresRp: false)));
        Assert.Contains("at θ version 4 and share 1", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void InspectLength_OnlyTheLengthOfTheSchedule_Passes()
    {
        var specification = new RunSpecification { TruncationFirst = 10, TruncationLast = 30, TruncationRampUpdates = 10 };
        var sut = CreateSut(specification, (5, 1));
        var lengths = new HashSet<int>();
        for (int problem = 0; problem < 50; problem++)
        {
            var sample = Fabricated.Sample(problem, 2, 5);
            lengths.Add(Assert.Single(Enumerable.Range(1, 40), k => sut.InspectLength(sample with { Steps = k }, 1000) is null));
        }

        // The schedule has 20 at version 5, and jitter 0.2.
        Assert.InRange(lengths.Min(), 16, 18);
        Assert.InRange(lengths.Max(), 22, 23);
        Assert.Equal(
            "truncation 2 of problem 3 has k 8; the schedule gives it 7 at θ version 5",
            Assert.NotNull(sut.InspectLength(Fabricated.Sample(3, 2, 5) with { Steps = 8 }, 7)).Detail);
    }

    [Fact]
    public void InspectLength_PlanOfTheTheta_GoesBeforeTheSchedule()
    {
        var specification = new RunSpecification { TruncationFirst = 10, TruncationLast = 10, TruncationJitter = 0 };
        var sut = new MeasurementInspector(
            MeasurementChoice.From(specification), new TruncationLengths(specification), _ => new SamplePlan(1, TruncationSteps: 17));
        Assert.Null(sut.InspectLength(Fabricated.Sample(3, 2, 5) with { Steps = 17 }, 100));
        Assert.NotNull(sut.InspectLength(Fabricated.Sample(3, 2, 5) with { Steps = 10 }, 100));
    }

    [Fact]
    public void Inspect_ShareOfAll_RefusesASampleWithoutRp()
    {
        var refusal = Assert.NotNull(CreateSut(new RunSpecification(), (5, 1)).Inspect(Sample(5, 1, measuresRp: false)));
        Assert.Equal("the sample carries no gradient; the draw for it at θ version 5 and share 1 asks for g_rp", refusal.Detail);
    }

    [Fact]
    public void Inspect_EstimatorEs_RefusesASampleWithRp()
    {
        var sut = CreateSut(new RunSpecification { Estimator = Estimator.Es }, (5, 1));
        Assert.Null(sut.Inspect(Sample(5, 1, measuresRp: false)));
        Assert.NotNull(sut.Inspect(Sample(5, 1, measuresRp: true)));
    }

    private static MeasurementInspector CreateSut(
        RunSpecification specification, params ReadOnlySpan<(long Version, double Share)> published)
    {
        var sut = new MeasurementInspector(
            MeasurementChoice.From(specification), new TruncationLengths(specification), _ => SamplePlan.All);
        foreach (var (version, share) in published)
            sut.OnPublished(new PublishedTheta(new ThetaSnapshot(version, default), new SamplePlan(share)));
        return sut;
    }

    private static GradientSample Sample(long version, long problem, bool measuresRp)
    {
        var sample = Fabricated.Sample(problem, 2, version);
        return measuresRp ? sample : sample with { Gradients = [] };
    }
}
