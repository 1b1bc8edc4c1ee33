using LoptCluster.Shared.Theta;

namespace LoptCluster.Shared.Wire;

/// <summary>θ between our record and the protocol.</summary>
public static class ThetaWire
{
    public static Protos.V1.Theta ToProto(ThetaSnapshot theta)
    {
        var message = new Protos.V1.Theta { Version = theta.Version, Checksum = Google.Protobuf.ByteString.CopyFrom(theta.Checksum()) };
        message.Values.AddRange(theta.Values.ToArray());
        return message;
    }

    /// <exception cref="UserErrorException">The values are not those that the checksum was made of.</exception>
    public static ThetaSnapshot FromProto(Protos.V1.Theta message)
    {
        var theta = new ThetaSnapshot(message.Version, message.Values.ToArray());
        if (!message.Checksum.Span.SequenceEqual(theta.Checksum()))
            throw new UserErrorException($"θ version {message.Version} arrived damaged: its checksum does not match its {theta.Length} values. Ask for it again.");
        return theta;
    }
}
