using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Assignments;

/// <summary>A request to compute a part of a comparison: one optimizer on one held-out task.</summary>
/// <param name="PartId">Returned with the result.</param>
/// <param name="Task">Index of the task, from 0.</param>
/// <param name="Theta">θ of the run's optimizer; null: <paramref name="Baseline"/> is the optimizer.</param>
/// <param name="Baseline">Null: the run's optimizer.</param>
internal sealed record ComparisonAssignment(long PartId, int Task, ThetaSnapshot? Theta, Baseline? Baseline);
