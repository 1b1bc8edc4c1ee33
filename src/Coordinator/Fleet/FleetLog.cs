using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>Log messages of a fleet that several runs share.</summary>
internal static partial class FleetLog
{
    [LoggerMessage(16, LogLevel.Information, "Worker {WorkerId} is given to run {Run}")]
    public static partial void Given(ILogger logger, string workerId, string run);

    [LoggerMessage(17, LogLevel.Information, "Worker {WorkerId} moves from run {From} to run {To}")]
    public static partial void Moved(ILogger logger, string workerId, string from, string to);

    [LoggerMessage(18, LogLevel.Error, "Run {Run} cannot be opened: {Reason}")]
    public static partial void NotOpened(ILogger logger, string run, string reason);
}
