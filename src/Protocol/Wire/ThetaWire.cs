using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Protocol.Wire;

/// <summary>Maps θ, and what it asks of its samples, between our records and the protocol.</summary>
public static class ThetaWire
{
    public static V1.Theta ToProto(PublishedTheta published)
    {
        var message = ToProto(published.Theta);
        if (published.Plan == SamplePlan.All) return message;
        message.Plan = new V1.Theta.Types.Plan { RpShare = published.Plan.RpShare };
        if (published.Plan.TruncationSteps is { } steps) message.Plan.TruncationSteps = steps;
        return message;
    }

    public static V1.Theta ToProto(ThetaSnapshot theta)
    {
        var message = new V1.Theta { Version = theta.Version, Checksum = Google.Protobuf.ByteString.CopyFrom(theta.Checksum()) };
        message.Values.AddRange(theta.Values.ToArray());
        return message;
    }

    /// <summary>θ without what it asks of its samples.</summary>
    /// <exception cref="UserErrorException">The checksum does not match the values.</exception>
    public static ThetaSnapshot SnapshotFromProto(V1.Theta message)
    {
        var theta = new ThetaSnapshot(message.Version, message.Values.ToArray());
        return message.Checksum.Span.SequenceEqual(theta.Checksum())
            ? theta
            : throw new UserErrorException(
                $"θ version '{message.Version}' arrived damaged: its checksum does not match its {theta.Length} values. Request it again.");
    }

    /// <exception cref="UserErrorException">The checksum does not match the values, or the plan is not one.</exception>
    public static PublishedTheta FromProto(V1.Theta message)
    {
        var theta = SnapshotFromProto(message);
        if (message.Plan is not { } plan) return new PublishedTheta(theta, SamplePlan.All);
        if (plan.RpShare is not (> 0 and <= 1))
            throw Unusable($"g_rp of a share of '{plan.RpShare}' of its samples; it must be above 0, at most 1");
        double? steps = plan.HasTruncationSteps ? plan.TruncationSteps : null;
        return steps is null or (>= 1 and < int.MaxValue)
            ? new PublishedTheta(theta, new SamplePlan(plan.RpShare, steps))
            : throw Unusable($"truncations of '{steps}' inner-steps; there must be at least 1");

        UserErrorException Unusable(string what) =>
            new($"θ version '{message.Version}' asks for {what}. Use a coordinator of this release.");
    }
}
