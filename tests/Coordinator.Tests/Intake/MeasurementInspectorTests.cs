using LoptCluster.Coordinator.Intake;
using LoptCluster.Engine.Estimation;
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
    public void Inspect_VersionFromBeforeARestart_Passes() =>
        Assert.Null(CreateSut(Adaptive, (5, 1)).Inspect(Sample(4, 1, measuresRp: false)));

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
        var sut = new MeasurementInspector(MeasurementChoice.From(specification));
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
