using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>A message of a worker that has joined.</summary>
internal abstract record IncomingMessage
{
    /// <summary>Gives back what the message holds while it waits: it was handled, or never will be.</summary>
    public virtual void Release()
    {
    }
}

/// <param name="Sample">The sample.</param>
/// <param name="SpecificationHash">Of the run that it belongs to.</param>
/// <param name="TraceParent">W3C traceparent of the worker's span; empty without tracing.</param>
/// <param name="Bytes">Size of the message.</param>
/// <param name="AssignmentId">The assignment that its problem came with.</param>
internal sealed record SampleReceived(
    GradientSample Sample, string SpecificationHash, string TraceParent = "", int Bytes = 0, long AssignmentId = 0) : IncomingMessage;

/// <summary>A sample of another worker, computed again.</summary>
/// <param name="AuditId">The audit that it belongs to.</param>
/// <param name="Sample">The sample as this worker computes it.</param>
internal sealed record AuditReceived(long AuditId, SampleReceived Sample) : IncomingMessage;

/// <param name="InnerStepsPerSecond">All slots together; 0 where the worker sent nothing plausible.</param>
/// <param name="Activity">What most of its slots do, one of <see cref="Shared.Instruments.WorkerActivities"/>.</param>
/// <param name="DatasetFingerprint">Empty until it has loaded the dataset.</param>
/// <param name="LayoutFingerprint">Empty until it has created an inner-problem.</param>
internal sealed record HeartbeatReceived(
    double InnerStepsPerSecond, string Activity, string DatasetFingerprint, string LayoutFingerprint) : IncomingMessage;

/// <summary>The result of an evaluation: one loss for each task.</summary>
internal sealed record EvaluationReceived(
    long EvaluationId, IReadOnlyList<double> MeanLosses, IReadOnlyList<double> FinalLosses, double Seconds) : IncomingMessage;

/// <summary>The result of a part of a comparison.</summary>
/// <param name="PartId">The part.</param>
/// <param name="Losses">In the order of <see cref="InnerTrainingLosses"/>, the accuracies last.</param>
/// <param name="Setting">Setting of the run whose curves these are.</param>
/// <param name="TrainCurve">Training minibatch loss by curve point.</param>
/// <param name="ValidCurve">Validation minibatch loss by curve point.</param>
/// <param name="Seconds">Time that it took.</param>
internal sealed record ComparisonPartReceived(
    long PartId, double[] Losses, int Setting, float[] TrainCurve, float[] ValidCurve, double Seconds) : IncomingMessage
{
    public const int LossCount = 6;

    /// <summary>The result, of a message that was found in order.</summary>
    public PartResult Result => new(
        new InnerTrainingLosses(Losses[0], Losses[1], Losses[2], Losses[3]) { TrainAccuracy = Losses[4], ValidAccuracy = Losses[5] },
        TrainCurve, ValidCurve, Setting);
}

/// <summary>A worker that leaves hands back the state of a half-done problem.</summary>
/// <param name="State">The state.</param>
/// <param name="AssignmentId">The assignment that its problem came with.</param>
/// <param name="Memory">What it takes of the memory for such states, until it is stored.</param>
internal sealed record StateHandedBack(InnerState State, long AssignmentId, IDisposable? Memory = null) : IncomingMessage
{
    public override void Release() => Memory?.Dispose();
}

/// <summary>A handed-back state that cannot be taken; it is recomputed.</summary>
internal sealed record StateUnreadable(Refusal Refusal) : IncomingMessage;

/// <summary>A worker leaves in order.</summary>
/// <param name="Reason">Why, in its own words.</param>
internal sealed record GoodbyeReceived(string Reason, bool Failed = false) : IncomingMessage;

/// <summary>A message that is larger than any of its kind in this run; its content was dropped.</summary>
internal sealed record TooLargeReceived(Refusal Refusal) : IncomingMessage;

/// <summary>
/// The handed-back state of an assigned problem does not fit the worker's inner-problem; the worker has dropped the problem.
/// </summary>
/// <param name="ProblemId">The problem.</param>
/// <param name="Mismatch">What does not fit.</param>
internal sealed record StateUnusable(long ProblemId, string Mismatch) : IncomingMessage;

/// <summary>A message that no worker of this release sends at this point.</summary>
internal sealed record UnexpectedReceived(string Kind) : IncomingMessage;
