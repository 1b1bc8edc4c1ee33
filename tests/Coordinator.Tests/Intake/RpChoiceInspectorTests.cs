using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Intake;
using LoptCluster.Engine.Estimation;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Intake;

public sealed class RpChoiceInspectorTests
{
    private static readonly RunSpecification Adaptive = new() { RpShare = RpSharePolicy.Adaptive, BatchSamples = 64 };

    [Fact]
    public void Inspect_SampleThatFollowsTheDraw_PassesAndTheOtherIsRefusedByName()
    {
        var sut = new RpChoiceInspector(Adaptive);
        sut.OnPublished(new ThetaSnapshot(4, default) { RpShare = 1 });
        sut.OnPublished(new ThetaSnapshot(5, default) { RpShare = 0.25 });
        int drawn = 0;
        for (int problem = 0; problem < 100; problem++)
        {
            bool computes = RpChoice.Computes(Adaptive, new ThetaSnapshot(5, default) { RpShare = 0.25 }, new SampleIdentity(problem, 2));
            if (computes) drawn++;
            Assert.Null(sut.Inspect(Sample(5, problem, computes)));
            var refusal = Assert.NotNull(sut.Inspect(Sample(5, problem, !computes)));
            Assert.Contains("θ version 5", refusal.Detail, StringComparison.Ordinal);
        }

        Assert.InRange(drawn, 10, 45);
        Assert.NotNull(sut.Inspect(Sample(4, 1, rpComputed: false)));
    }

    [Fact]
    public void Inspect_VersionThatIsNotKnownAnyMore_Passes()
    {
        var sut = new RpChoiceInspector(Adaptive);
        sut.OnPublished(new ThetaSnapshot(5, default) { RpShare = 1 });
        Assert.Null(sut.Inspect(Sample(4, 1, rpComputed: false)));
    }

    [Fact]
    public void Inspect_ShareThatIsNotAdaptive_Passes()
    {
        var sut = new RpChoiceInspector(new RunSpecification());
        sut.OnPublished(new ThetaSnapshot(5, default));
        Assert.Null(sut.Inspect(Sample(5, 1, rpComputed: false)));
    }

    private static GradientSample Sample(long version, long problem, bool rpComputed) =>
        Fabricated.Sample(problem, 2, version) with { RpComputed = rpComputed };
}
