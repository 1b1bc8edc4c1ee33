using LoptCluster.Engine.Sampling;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Instruments;
using LoptCluster.Shared.Run;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Telemetry;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Unrolls problems, a truncation at a time, on one slot's thread.</summary>
internal sealed class ProblemUnroller(int index, Slot slot, SlotContext context)
{
    /// <summary>Computes the problem's next sample and sends it, unless the problem was revoked meanwhile.</summary>
    public void Unroll(HeldProblem problem, ThetaSnapshot theta)
    {
        var trace = context.Traces.StartSample(problem.Id, problem.Position.NextTruncation, theta.Version);
        var sample = ComputeSample(problem, theta);
        context.Board.AddInnerSteps(2L * sample.Steps);
        context.Metrics.OnSample(sample);
        var (id, truncation) = sample.Identity;
        SlotLog.Sampled(context.Log, id, truncation, sample.Steps, sample.ThetaVersion, sample.Elapsed.TotalSeconds, sample.MeanLoss);
        UnrollTraces.Detach(trace, sample);
        var measured = new OutboundMessage.Measured(sample, context.Run.SpecificationHash, trace);
        if (!context.State.Change(s => s.Complete(problem, measured))) UnrollTraces.End(trace, "revoked");
    }

    private GradientSample ComputeSample(HeldProblem problem, ThetaSnapshot theta)
    {
        try
        {
            problem.State ??= RestoreState(problem);
            Show(WorkerActivities.Unrolling, problem);
            using var unroll = context.Traces.StartUnroll();
            return slot.Sample(problem.State, theta, context.Abandon);
        }
        catch
        {
            // Abandoned or failed, the state is as it was before the truncation: it can be handed back.
            context.State.Change(_ => ProblemPool.Release(problem));
            throw;
        }
    }

    /// <summary>The state that an assignment continues from.</summary>
    private InnerState RestoreState(HeldProblem problem)
    {
        var start = slot.Begin(problem.Id);
        return problem.Assignment.Origin switch
        {
            StateOrigin.HandedBack { State: var state } when Fits(state, start) => Continue(start, state),
            StateOrigin.Recomputed { Truncations: var truncations } => Recompute(start, truncations, problem),
            _ => start,
        };
    }

    private static bool Fits(HandedBackState state, InnerState start) =>
        state.W.Length == start.W.Length && state.M.Length == start.M.Length;

    private static InnerState Continue(InnerState start, HandedBackState state) => new()
    {
        ProblemId = start.ProblemId,
        Horizon = start.Horizon,
        InnerStep = state.InnerStep,
        NextTruncation = state.NextTruncation,
        W = [.. state.W],
        M = [.. state.M],
    };

    private InnerState Recompute(InnerState state, IReadOnlyList<PastTruncation> truncations, HeldProblem problem)
    {
        Show(WorkerActivities.Replaying, problem);
        foreach (var past in truncations)
        {
            slot.Replay(state, past.Theta, past.Steps, context.Abandon);
            context.Metrics.OnTruncationRecomputed();
        }

        return state;
    }

    private void Show(string activity, HeldProblem problem) =>
        context.Board.Show(new SlotActivity(index, activity, problem.Id, problem.Position.InnerStep));
}
