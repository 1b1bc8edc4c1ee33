using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Computes samples of other workers again, a truncation at a time, on one slot's thread.</summary>
internal sealed class AuditRunner(int index, Slot slot, SlotContext context)
{
    public void Audit(HeldAudit audit, AuditedTruncation truncation)
    {
        audit.State ??= slot.Begin(audit.ProblemId);
        context.Board.Show(new SlotActivity(index, WorkerActivities.Auditing, audit.ProblemId, audit.State.InnerStep));
        var sample = Compute(audit, audit.State, truncation);
        context.State.Change(s => s.Audited(audit, sample));
    }

    /// <returns>The sample; null: the truncation only leads to those that are measured.</returns>
    private GradientSample? Compute(HeldAudit audit, InnerState state, AuditedTruncation truncation)
    {
        if (state.NextTruncation < audit.MeasureFrom)
        {
            slot.Recompute(state, truncation.Theta.Theta, truncation.Steps, context.Abandon);
            context.Metrics.OnTruncationRecomputed();
            return null;
        }

        var sample = slot.Measure(state, truncation.Theta, context.Abandon);
        context.Board.InnerStepsOf(index).Add(sample.UnrolledSteps);
        context.Metrics.OnAudited();
        return sample;
    }
}
