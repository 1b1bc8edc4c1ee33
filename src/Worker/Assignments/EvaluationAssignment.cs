using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Assignments;

/// <summary>A request to measure θ, or the tuned baseline, on a fixed set of tasks.</summary>
/// <param name="EvaluationId">Returned with the result.</param>
/// <param name="Split">Classes that the tasks are drawn from.</param>
/// <param name="Tasks">Number of tasks.</param>
/// <param name="Theta">Null: learning-rate-tuned Adam instead of θ.</param>
internal sealed record EvaluationAssignment(long EvaluationId, ClassSplit Split, int Tasks, ThetaSnapshot? Theta);
