using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Instruments;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Computes evaluations on one slot's thread.</summary>
internal sealed class EvaluationRunner(int slot, SlotContext context)
{
    public void Evaluate(EvaluationAssignment evaluation)
    {
        context.Board.Show(new SlotActivity(slot, WorkerActivities.Evaluating));
        long start = context.Time.GetTimestamp();
        var outcome = TaskEvaluator.Evaluate(
            context.Run.Specification,
            context.Dataset.Value,
            evaluation.Theta?.Values.ToArray(),
            evaluation.Split,
            evaluation.Tasks,
            context.Abandon,
            context.InnerProblems);
        var evaluated = new OutboundMessage.Evaluated(evaluation.EvaluationId, outcome, context.Time.GetElapsedTime(start));
        context.State.Change(s => s.Outbox.Send(evaluated));
    }
}
