using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Protocol.Wire;

/// <summary>θ between our record and the protocol.</summary>
public static class ThetaWire
{
    public static Protocol.V1.Theta ToProto(ThetaSnapshot theta)
    {
        var message = new Protocol.V1.Theta { Version = theta.Version, Checksum = Google.Protobuf.ByteString.CopyFrom(theta.Checksum()) };
        message.Values.AddRange(theta.Values.ToArray());
        if (theta.RpShare != 1) message.RpShare = theta.RpShare;
        return message;
    }

    /// <exception cref="UserErrorException">The values are not those that the checksum was made of, or the share is none.</exception>
    public static ThetaSnapshot FromProto(Protocol.V1.Theta message)
    {
        var theta = new ThetaSnapshot(message.Version, message.Values.ToArray()) { RpShare = message.HasRpShare ? message.RpShare : 1 };
        if (!message.Checksum.Span.SequenceEqual(theta.Checksum()))
            throw new UserErrorException($"θ version {message.Version} arrived damaged: its checksum does not match its {theta.Length} values. Ask for it again.");
        if (!(theta.RpShare is > 0 and <= 1))
            throw new UserErrorException($"θ version {message.Version} came with rp_share = {message.RpShare}: must be above 0, at most 1. Use a coordinator of this release.");
        return theta;
    }
}
