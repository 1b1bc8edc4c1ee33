using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Instruments;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Computes evaluations and parts of comparisons on one slot's thread.</summary>
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
            context.InnerProblems,
            context.Board.InnerStepsOf(slot));
        var evaluated = new OutboundMessage.Evaluated(evaluation.EvaluationId, outcome, context.Time.GetElapsedTime(start));
        context.State.Change(s => s.Outbox.Send(evaluated));
    }

    /// <summary>Computes a part of a comparison, unless it is given up meanwhile.</summary>
    public void Compare(ComparisonAssignment part, CancellationToken abandon)
    {
        context.Board.Show(new SlotActivity(slot, WorkerActivities.Evaluating));
        long start = context.Time.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abandon, context.Abandon);
        try
        {
            using var arena = new ComparisonArena(
                context.Run.Specification, context.Dataset.Value, context.InnerProblems, taken: context.Board.InnerStepsOf(slot));
            var result = part.Baseline is { } baseline
                ? arena.Run(part.Task, baseline, either.Token)
                : arena.Run(part.Task, part.Theta!.Values.Span, either.Token);
            var compared = new OutboundMessage.Compared(part.PartId, result, context.Time.GetElapsedTime(start));
            context.State.Change(s => s.Outbox.Send(compared));
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested && !context.Abandon.IsCancellationRequested)
        {
            // The slot goes on with what the coordinator assigns now.
        }
    }
}
