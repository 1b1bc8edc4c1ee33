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
        var back = ThetaWire.FromProto(ThetaWire.ToProto(Theta with { RpShare = share }));

        Assert.Equal((7, share), (back.Version, back.RpShare));
        Assert.Equal(Theta.Values.ToArray(), back.Values.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void FromProto_ShareThatIsNone_IsRefusedByName(double share)
    {
        var message = ThetaWire.ToProto(Theta);
        message.RpShare = share;

        Assert.Contains("rp_share = ", Assert.Throws<UserErrorException>(() => ThetaWire.FromProto(message)).Message, StringComparison.Ordinal);
    }
}
