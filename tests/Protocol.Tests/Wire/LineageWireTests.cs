using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Protocol.Tests.Wire;

public sealed class LineageWireTests
{
    private static readonly RunSpecification Specification = new() { OuterUpdates = 10, TruncationRampUpdates = 40 };

    [Fact]
    public void Lineage_ThereAndBack_IsTheSame()
    {
        var lineage = new RunLineage(
            new ThetaOrigin("theta.safetensors", "abc", 280, "run", "quickstart"), OuterPlans.Of(Specification).Prolong(10, 30));

        var back = LineageWire.FromProto(LineageWire.ToProto(lineage), Specification);

        Assert.Equal(lineage.Origin, back.Origin);
        Assert.Equal(lineage.Plans.All, back.Plans.All);
    }

    [Fact]
    public void FromProto_None_IsARunOfItsSpecification()
    {
        var lineage = LineageWire.FromProto(null, Specification);

        Assert.Null(lineage.Origin);
        Assert.Equal([OuterPlan.Of(Specification)], lineage.Plans.All);
    }
}
