using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Datasets;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>Log messages of the run loop.</summary>
internal static partial class CoordinatorLog
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Run {RunId} stands at outer-update {Version}; {Problems} problems are open, {Samples} samples wait for a batch")]
    public static partial void RunOpened(ILogger logger, string runId, long version, int problems, int samples);

    [LoggerMessage(2, LogLevel.Information, "Worker {WorkerId} on {Host} joined with {Slots} slots; it holds {Held} problems")]
    public static partial void WorkerJoined(ILogger logger, string workerId, string host, int slots, int held);

    [LoggerMessage(3, LogLevel.Information, "Worker {WorkerId} left ({Reason}); {States} states handed back")]
    public static partial void WorkerLeft(ILogger logger, string workerId, string reason, int states);

    [LoggerMessage(4, LogLevel.Warning, "Worker {WorkerId} is lost; its {Problems} problems are kept for it for {GraceSeconds} s")]
    public static partial void WorkerLost(ILogger logger, string workerId, int problems, double graceSeconds);

    [LoggerMessage(5, LogLevel.Warning, "Refused a message of worker {WorkerId}: {Reason}: {Detail}")]
    public static partial void Refused(ILogger logger, string workerId, RefusalReason reason, string detail);

    [LoggerMessage(6, LogLevel.Debug, "Outer-update {Version}: outer-loss {OuterLoss:F4}, k {Steps:F0}")]
    public static partial void Updated(ILogger logger, long version, double outerLoss, double steps);

    [LoggerMessage(7, LogLevel.Information, "Evaluation of version {Version} on {Split}: mean loss {Loss:F4} (by {WorkerId})")]
    public static partial void Evaluated(ILogger logger, long version, ClassSplit split, double loss, string workerId);

    [LoggerMessage(
        14, LogLevel.Information, "Evaluation of the average of θ at version {Version} on {Split}: mean loss {Loss:F4} (by {WorkerId})")]
    public static partial void AverageEvaluated(ILogger logger, long version, ClassSplit split, double loss, string workerId);

    [LoggerMessage(12, LogLevel.Information, "Evaluation of tuned Adam on {Split}: mean loss {Loss:F4} (by {WorkerId})")]
    public static partial void BaselineEvaluated(ILogger logger, ClassSplit split, double loss, string workerId);

    [LoggerMessage(
        13,
        LogLevel.Warning,
        "The handed-back state of problem {Problem} does not fit on worker {WorkerId} ({Mismatch}); it is recomputed")]
    public static partial void StateUnusable(ILogger logger, string workerId, long problem, string mismatch);

    [LoggerMessage(8, LogLevel.Information, "Paused: {Paused}")]
    public static partial void Paused(ILogger logger, bool paused);

    /// <param name="logger">The log.</param>
    /// <param name="version">Newest version of θ.</param>
    /// <param name="seconds">Training time.</param>
    /// <param name="best">Version with the lowest outer-train loss; negative: none was evaluated.</param>
    public static void Finished(ILogger logger, long version, double seconds, long best)
    {
        if (best < 0) FinishedUnevaluated(logger, version, seconds);
        else FinishedEvaluated(logger, version, seconds, best);
    }

    [LoggerMessage(9, LogLevel.Information, "Finished at outer-update {Version} after {Seconds:F1} s of training; best is version {Best}")]
    private static partial void FinishedEvaluated(ILogger logger, long version, double seconds, long best);

    [LoggerMessage(
        29, LogLevel.Information, "Finished at outer-update {Version} after {Seconds:F1} s of training, without an evaluation")]
    private static partial void FinishedUnevaluated(ILogger logger, long version, double seconds);

    [LoggerMessage(10, LogLevel.Warning, "Not every worker said goodbye within {Seconds} s")]
    public static partial void DrainTimedOut(ILogger logger, double seconds);

    [LoggerMessage(22, LogLevel.Error, "The call {Method} failed")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(
        23, LogLevel.Warning,
        "Worker {WorkerId} has not moved problem {Problem} for {Seconds:F0} s; another gets it, and this one no work until it delivers")]
    public static partial void ProblemStands(ILogger logger, string workerId, long problem, double seconds);

    [LoggerMessage(
        24, LogLevel.Warning,
        "Sample {Problem}/{Truncation} of worker {WorkerId} is another when worker {AuditorId} computes it: {Difference}. A third decides")]
    public static partial void SamplesDiffer(
        ILogger logger, long problem, int truncation, string workerId, string auditorId, string difference);

    [LoggerMessage(
        25, LogLevel.Error, "Worker {WorkerId} on {Host} is quarantined, and {Dropped} of its samples are dropped. {Finding}")]
    public static partial void Quarantined(ILogger logger, string workerId, string host, int dropped, string finding);

    [LoggerMessage(26, LogLevel.Warning, "An operator has lifted the quarantine of worker {WorkerId}")]
    public static partial void QuarantineLifted(ILogger logger, string workerId);

    [LoggerMessage(
        27, LogLevel.Warning,
        "Worker {WorkerId} has not evaluated {What} in {Seconds:F0} s; another gets it, and this one no work until it delivers")]
    public static partial void EvaluationStands(ILogger logger, string workerId, string what, double seconds);

    [LoggerMessage(32, LogLevel.Debug, "{What}: {Trainings} inner-trainings by worker {WorkerId} in {Seconds:F1} s")]
    public static partial void Compared(ILogger logger, string what, int trainings, string workerId, double seconds);

    [LoggerMessage(33, LogLevel.Information, "The comparison is complete: {Tasks} tasks after {Seconds:F1} s")]
    public static partial void ComparisonComplete(ILogger logger, int tasks, double seconds);

    [LoggerMessage(28, LogLevel.Warning, "Training ends early at version {Version}: it has diverged. The best version is {Best}")]
    public static partial void Diverged(ILogger logger, long version, long best);
}
