using LoptCluster.Engine.Datasets;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.Worker.Assignments;

namespace LoptCluster.Worker.Link;

/// <summary>What the coordinator sends, as our records.</summary>
internal static class CoordinatorMessages
{
    public static JoinedRun FromProto(Welcome welcome) =>
        new(welcome.RunId, SpecificationJson.Deserialize(welcome.SpecificationJson), welcome.SpecificationHash);

    /// <exception cref="UserErrorException">A state or a θ arrived damaged.</exception>
    public static ProblemAssignment FromProto(InnerProblem message) =>
        new(message.ProblemId, StateOriginWire.Of(message), message.NotBeforeVersion, message.AssignmentId);

    /// <exception cref="UserErrorException">θ is missing or arrived damaged.</exception>
    public static EvaluationAssignment FromProto(Evaluation message) => new(
        message.EvaluationId,
        message.Split == EvaluationSplit.OuterTest ? ClassSplit.OuterTest : ClassSplit.OuterTrain,
        message.Tasks,
        message.Baseline ? null : ThetaOf(message));

    public static Acknowledgement FromProto(Ack message) => new(
        new SampleIdentity(message.ProblemId, message.Truncation),
        message.Outcome.ToString(),
        message.Outcome == SampleOutcome.Superseded);

    private static ThetaSnapshot ThetaOf(Evaluation message) => message.Theta is { } theta
        ? ThetaWire.SnapshotFromProto(theta)
        : throw new UserErrorException($"Evaluation {message.EvaluationId} came without θ. Use a coordinator of this worker's release.");
}
