using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
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

    /// <exception cref="UserErrorException">The optimizer is missing, is unknown here, or arrived damaged.</exception>
    public static ComparisonAssignment FromProto(ComparisonPart message) => message.OptimizerCase switch
    {
        ComparisonPart.OptimizerOneofCase.Theta =>
            new(message.PartId, message.Task, ThetaWire.SnapshotFromProto(message.Theta), Baseline: null),
        ComparisonPart.OptimizerOneofCase.Baseline => new(message.PartId, message.Task, Theta: null, BaselineOf(message.Baseline)),
        _ => throw new UserErrorException(
            $"Part {message.PartId} of the comparison came without an optimizer. Use a coordinator of this worker's release."),
    };

    public static Acknowledgement FromProto(Ack message) => new(
        new SampleIdentity(message.ProblemId, message.Truncation),
        message.Outcome.ToString(),
        message.Outcome == SampleOutcome.Superseded);

    private static ThetaSnapshot ThetaOf(Evaluation message) => message.Theta is { } theta
        ? ThetaWire.SnapshotFromProto(theta)
        : throw new UserErrorException($"Evaluation {message.EvaluationId} came without θ. Use a coordinator of this worker's release.");

    /// <summary>What a part needs of a baseline: its name, title and rule are the coordinator's.</summary>
    private static Baseline BaselineOf(ComparisonPart.Types.Baseline message) => new(
        message.Family,
        message.Family,
        OptimizerFamilies.Find(message.Family) ?? throw new UserErrorException(
            $"The comparison has a baseline of the optimizer '{message.Family}', which this release does not know. Use a worker of the "
                + "coordinator's release."),
        Ruleset.PerTask,
        [.. message.Settings.Select(setting => setting.Values.ToArray())])
    {
        TrainedWith = message.TrainedWithJson.Length > 0 ? SpecificationJson.Deserialize(message.TrainedWithJson) : null,
    };
}
