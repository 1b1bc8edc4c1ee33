using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker.Link;

/// <summary>Log messages of a worker's connection.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(1, LogLevel.Information, "Joined run {RunId} at {Coordinator} as {WorkerId} with {Slots} slots")]
    public static partial void Joined(ILogger logger, string runId, string coordinator, string workerId, int slots);

    [LoggerMessage(2, LogLevel.Warning, "Cannot reach {Coordinator} ({Reason}); attempt {Attempt} failed, retrying in {DelaySeconds:F1} s")]
    public static partial void NotConnected(ILogger logger, string coordinator, string reason, int attempt, double delaySeconds);

    [LoggerMessage(3, LogLevel.Warning, "The connection broke ({Reason}); keeping {Problems} problems")]
    public static partial void Broke(ILogger logger, string reason, int problems);

    [LoggerMessage(4, LogLevel.Information, "Leaving ({Reason}); {States} unfinished problems handed back")]
    public static partial void Leaving(ILogger logger, string reason, int states);

    [LoggerMessage(5, LogLevel.Warning, "The coordinator refused {What}: {Detail}")]
    public static partial void Refused(ILogger logger, string what, string detail);

    [LoggerMessage(6, LogLevel.Debug, "Problem {Problem}, truncation {Truncation}: {Outcome}")]
    public static partial void Acknowledged(ILogger logger, long problem, int truncation, string outcome);
}
