using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>An evaluation of θ, or of tuned Adam, on a few tasks.</summary>
/// <param name="id">Comes back with the result.</param>
/// <param name="split">Classes that the tasks are drawn from.</param>
/// <param name="tasks">Their number.</param>
/// <param name="theta">Null: the tuned-Adam baseline.</param>
/// <param name="isAverage">Whether <paramref name="theta"/> is the average of θ at its version.</param>
internal sealed class LossEvaluation(long id, ClassSplit split, int tasks, ThetaSnapshot? theta, bool isAverage) : EvaluationJob(id)
{
    public ClassSplit Split { get; } = split;

    /// <summary>Null: the tuned-Adam baseline.</summary>
    public ThetaSnapshot? Theta { get; } = theta;

    /// <summary>Whether <see cref="Theta"/> is the average of θ at its version.</summary>
    public bool IsAverage { get; } = isAverage;

    public override string Subject => $"{(Theta is { } theta ? $"version {theta.Version} of θ" : "the baseline")} on {Split} tasks";

    public override OutgoingMessage Message => new EvaluationAssigned(Id, Split, tasks, Theta);

    public override bool IsLikeOthers => true;
}
