using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Intake;

/// <summary>
/// Checks that an evaluation comes from the worker that was asked for it, and that its losses are such as an engine measures: one wrong
/// loss would decide which θ is the best.
/// </summary>
internal sealed class EvaluationInspector(RunSpecification specification)
{
    private readonly bool _mayBeNegative =
        new TaskMixture(specification).Corners().Any(task => task.Specification.InnerProblem == InnerProblemKind.Torch);

    /// <param name="job">The evaluation; null: no evaluation has the result's id.</param>
    /// <param name="workerId">The sender.</param>
    /// <param name="result">Its result.</param>
    /// <returns>What is wrong; null: nothing.</returns>
    public Refusal? Inspect(LossEvaluation? job, string workerId, EvaluationReceived result)
    {
        if (job is null || job.Worker != workerId)
            return Malformed($"evaluation {result.EvaluationId} is not assigned to this worker");
        if (result.MeanLosses.Count != specification.EvaluationTasks || result.FinalLosses.Count != specification.EvaluationTasks)
        {
            return Malformed(
                $"evaluation {job.Id} has {result.MeanLosses.Count} mean losses and {result.FinalLosses.Count} final ones; "
                + $"{specification.EvaluationTasks} of each were asked for");
        }

        foreach (double loss in result.MeanLosses.Concat(result.FinalLosses))
        {
            if (!double.IsFinite(loss))
                return new(RefusalReason.NotFinite, $"evaluation {job.Id} has the loss {loss}; all must be finite");
            if (loss > specification.LossCap * (1 + LossInspector.Rounding(specification.LongestInnerSteps())))
            {
                return Malformed(
                    $"evaluation {job.Id} has the loss {loss}; the cap on the loss of an inner-step is {specification.LossCap}");
            }

            if (loss < 0 && !_mayBeNegative)
                return Malformed($"evaluation {job.Id} has the loss {loss}; only a torch module may have one below 0");
        }

        return null;
    }

    private static Refusal Malformed(string detail) => new(RefusalReason.Malformed, detail);
}
