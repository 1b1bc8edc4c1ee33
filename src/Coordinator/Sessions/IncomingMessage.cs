using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>A message of a worker that has joined.</summary>
internal abstract record IncomingMessage;

/// <param name="Sample">The sample.</param>
/// <param name="SpecificationHash">Of the run that it belongs to.</param>
/// <param name="TraceParent">W3C traceparent of the worker's span; empty without tracing.</param>
/// <param name="Bytes">Size of the message.</param>
internal sealed record SampleReceived(
    GradientSample Sample, string SpecificationHash, string TraceParent = "", int Bytes = 0) : IncomingMessage;

/// <param name="InnerStepsPerSecond">All slots together; 0 where the worker sent no number.</param>
/// <param name="Activity">What most of its slots do, one of <see cref="Shared.Instruments.WorkerActivities"/>.</param>
/// <param name="DatasetFingerprint">Empty until it has loaded the dataset.</param>
/// <param name="LayoutFingerprint">Empty until it has created an inner-problem.</param>
internal sealed record HeartbeatReceived(
    double InnerStepsPerSecond, string Activity, string DatasetFingerprint, string LayoutFingerprint) : IncomingMessage;

/// <summary>The result of an evaluation: one loss for each task.</summary>
internal sealed record EvaluationReceived(
    long EvaluationId, IReadOnlyList<double> MeanLosses, IReadOnlyList<double> FinalLosses, double Seconds) : IncomingMessage;

/// <summary>A worker leaves in order.</summary>
/// <param name="Reason">Why, in its own words.</param>
/// <param name="States">States of the problems that it hands back.</param>
/// <param name="Unreadable">Faults of the states that could not be read.</param>
internal sealed record GoodbyeReceived(string Reason, IReadOnlyList<InnerState> States, IReadOnlyList<string> Unreadable) : IncomingMessage;

/// <summary>
/// The handed-back state of an assigned problem does not fit the worker's inner-problem; the worker has dropped the problem.
/// </summary>
/// <param name="ProblemId">The problem.</param>
/// <param name="Mismatch">What does not fit.</param>
internal sealed record StateUnusable(long ProblemId, string Mismatch) : IncomingMessage;

/// <summary>A message that no worker of this release sends at this point.</summary>
internal sealed record UnexpectedReceived(string Kind) : IncomingMessage;
