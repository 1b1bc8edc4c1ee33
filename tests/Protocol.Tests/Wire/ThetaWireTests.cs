using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using Xunit;

namespace LoptCluster.Protocol.Tests.Wire;

public sealed class ThetaWireTests
{
    private static readonly ThetaSnapshot Theta = new(7, new float[] { 1, -0.5f });

    [Theory]
    [InlineData(1)]
    [InlineData(0.1 + 0.2)]
    public void Theta_ThereAndBack_IsTheSame(double share)
    {
        var back = ThetaWire.FromProto(ThetaWire.ToProto(new PublishedTheta(Theta, new SamplePlan(share))));

        Assert.Equal((7, share), (back.Version, back.Plan.RpShare));
        Assert.Equal(Theta.Values.ToArray(), back.Theta.Values.ToArray());
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    public void Theta_OfAProlongedRun_KeepsItsTruncationLength(double share)
    {
        var plan = new SamplePlan(share, 17.25);

        Assert.Equal(plan, ThetaWire.FromProto(ThetaWire.ToProto(new PublishedTheta(Theta, plan))).Plan);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FromProto_TruncationLengthOutOfRange_IsRefusedByName(double steps)
    {
        var message = ThetaWire.ToProto(new PublishedTheta(Theta, new SamplePlan(1, steps)));

        Assert.Contains(
            $"'{steps}'", Assert.Throws<UserErrorException>(() => ThetaWire.FromProto(message)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToProto_PlanOfAll_NeedsNoBytes() =>
        Assert.Equal(ThetaWire.ToProto(Theta), ThetaWire.ToProto(new PublishedTheta(Theta, SamplePlan.All)));

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void FromProto_ShareOutOfRange_IsRefusedByName(double share)
    {
        var message = ThetaWire.ToProto(Theta);
        message.Plan = new V1.Theta.Types.Plan { RpShare = share };

        Assert.Contains(
            $"'{share}'", Assert.Throws<UserErrorException>(() => ThetaWire.FromProto(message)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromProto_ValueChanged_IsRefused()
    {
        var message = ThetaWire.ToProto(Theta);
        message.Values[0] = 2;

        Assert.Contains(
            "checksum", Assert.Throws<UserErrorException>(() => ThetaWire.FromProto(message)).Message, StringComparison.Ordinal);
    }
}
