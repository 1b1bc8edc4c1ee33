using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Worker.Assignments;

namespace LoptCluster.Worker.Link;

/// <summary>Inner states, and how a worker obtains one, between our records and the protocol.</summary>
internal static class InnerStateWire
{
    public static InnerStateBlob ToProto(HandedBackState state) => new()
    {
        ProblemId = state.ProblemId,
        NextTruncation = state.NextTruncation,
        InnerStep = state.InnerStep,
        W = FloatBytes.Pack(state.W),
        M = FloatBytes.Pack(state.M),
    };

    /// <exception cref="UserErrorException">A state or a θ arrived damaged.</exception>
    public static StateOrigin Origin(InnerProblem message) => message switch
    {
        { State: { } state } => new StateOrigin.HandedBack(FromProto(state)),
        { Replay.Count: > 0 } => new StateOrigin.Recomputed([.. message.Replay.Select(FromProto)]),
        _ => new StateOrigin.FromStart(),
    };

    private static PastTruncation FromProto(ReplayedTruncation message) => new(ThetaWire.FromProto(message.Theta), message.Steps);

    private static HandedBackState FromProto(InnerStateBlob blob) =>
        new(blob.ProblemId, blob.NextTruncation, blob.InnerStep, FloatBytes.Unpack(blob.W.Span), FloatBytes.Unpack(blob.M.Span));
}
