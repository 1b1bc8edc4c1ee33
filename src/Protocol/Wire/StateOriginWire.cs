using Google.Protobuf;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Protocol.Wire;

/// <summary>Maps the origin of an assigned problem's state between our union and the protocol.</summary>
public static class StateOriginWire
{
    public static void Set(V1.InnerProblem message, StateOrigin origin)
    {
        switch (origin)
        {
            case StateOrigin.FromStart:
                message.FromStart = new V1.FromStart();
                break;
            case StateOrigin.HandedBack handedBack:
                message.HandedBack = UnsafeByteOperations.UnsafeWrap(InnerStateCodec.Encode(handedBack.State));
                break;
            case StateOrigin.Recomputed recomputed:
                message.Recomputed = new V1.Recomputed();
                message.Recomputed.Truncations.AddRange(recomputed.Truncations.Select(
                    t => new V1.Recomputed.Types.Truncation { Steps = t.Steps, Theta = ThetaWire.ToProto(t.Theta) }));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(origin), origin, "This origin of a state has no message.");
        }
    }

    /// <exception cref="UserErrorException">The message names no origin, or one that cannot be read.</exception>
    public static StateOrigin Of(V1.InnerProblem message) => message.OriginCase switch
    {
        V1.InnerProblem.OriginOneofCase.FromStart => StateOrigin.FromStart.Instance,
        V1.InnerProblem.OriginOneofCase.HandedBack => new StateOrigin.HandedBack(InnerStateCodec.Decode(message.HandedBack.Span)),
        V1.InnerProblem.OriginOneofCase.Recomputed => new StateOrigin.Recomputed(
            [.. message.Recomputed.Truncations.Select(t => new RecomputedTruncation(t.Steps, ThetaWire.SnapshotFromProto(t.Theta)))]),
        _ => throw new UserErrorException(
            $"The assignment of problem '{message.ProblemId}' does not say where its state comes from. Use a coordinator of this release."),
    };
}
