using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Protocol.Wire;

/// <summary>Maps an order to compute samples again between our record and the protocol.</summary>
public static class AuditWire
{
    public static V1.Audit ToProto(AuditOrder order)
    {
        var message = new V1.Audit
        {
            AuditId = order.AuditId,
            ProblemId = order.ProblemId,
            First = order.First,
            MeasureFrom = order.MeasureFrom,
            Complete = order.Complete,
        };
        message.Truncations.AddRange(order.Truncations.Select(
            t => new V1.Recomputed.Types.Truncation { Steps = t.Steps, Theta = ThetaWire.ToProto(t.Theta) }));
        return message;
    }

    /// <exception cref="UserErrorException">A θ is missing or arrived damaged.</exception>
    public static AuditOrder FromProto(V1.Audit message) => new(
        message.AuditId,
        message.ProblemId,
        message.First,
        [.. message.Truncations.Select(t => new AuditedTruncation(t.Steps, ThetaWire.FromProto(t.Theta)))],
        message.MeasureFrom,
        message.Complete);
}
