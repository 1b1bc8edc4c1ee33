using System.Collections.Immutable;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Telemetry;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Unrolls problems, a truncation at a time, on one slot's thread.</summary>
internal sealed class ProblemUnroller(int index, Slot slot, SlotContext context)
{
    /// <summary>
    /// Measures the problem's next sample and sends it, unless the problem was revoked meanwhile. A problem that came with a state of
    /// another shape is returned to the coordinator, which has it recomputed.
    /// </summary>
    public void Unroll(HeldProblem problem, PublishedTheta theta)
    {
        if (MismatchOf(problem) is { } mismatch)
        {
            context.State.Change(s => s.ReturnUnusable(problem, mismatch));
            return;
        }

        var trace = context.Traces.StartSample(problem.Id, problem.Position.NextTruncation, theta.Version);
        var sample = Measure(problem, theta);
        context.Board.InnerStepsOf(index).Add(sample.UnrolledSteps);
        context.Metrics.OnSample(sample);
        var (id, truncation) = sample.Identity;
        SlotLog.Sampled(context.Log, id, truncation, sample.Steps, sample.ThetaVersion, sample.Elapsed.TotalSeconds, sample.MeanLoss);
        UnrollTraces.Detach(trace, sample);
        var measured = new OutboundMessage.Measured(sample, context.Run.SpecificationHash, trace, problem.Assignment.Id);
        if (!context.State.Change(s => s.Complete(problem, measured))) UnrollTraces.End(trace, "revoked");
    }

    private GradientSample Measure(HeldProblem problem, PublishedTheta theta)
    {
        try
        {
            problem.State ??= RestoreState(problem);
            Show(WorkerActivities.Unrolling, problem);
            using var unroll = context.Traces.StartUnroll();
            return slot.Measure(problem.State, theta, context.Abandon);
        }
        catch
        {
            // Abandoned or failed, the state is as it was before the truncation: it can be handed back.
            context.State.Change(_ => ProblemPool.Release(problem));
            throw;
        }
    }

    /// <returns>Why the state that the problem came with cannot be used here; null if it can, or none came.</returns>
    private string? MismatchOf(HeldProblem problem) =>
        problem is { State: null, Assignment.Origin: StateOrigin.HandedBack { State: var state } }
        ? slot.MismatchOf(state)
        : null;

    /// <summary>The state that an assignment continues from.</summary>
    private InnerState RestoreState(HeldProblem problem) => problem.Assignment.Origin switch
    {
        StateOrigin.FromStart => slot.Begin(problem.Id),
        StateOrigin.HandedBack { State: var state } => state,
        StateOrigin.Recomputed { Truncations: var truncations } => Recompute(problem, truncations),
        var origin => throw new ArgumentOutOfRangeException(nameof(problem), origin, "There is no such origin of a state."),
    };

    private InnerState Recompute(HeldProblem problem, ImmutableArray<RecomputedTruncation> truncations)
    {
        Show(WorkerActivities.Replaying, problem);
        var state = slot.Begin(problem.Id);
        foreach (var truncation in truncations)
        {
            slot.Recompute(state, truncation.Theta, truncation.Steps, context.Abandon);
            context.Metrics.OnTruncationRecomputed();
        }

        return state;
    }

    private void Show(string activity, HeldProblem problem) =>
        context.Board.Show(new SlotActivity(index, activity, problem.Id, problem.Position.InnerStep));
}
