using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>Log messages of workers' streams.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(11, LogLevel.Information, "The connection of worker {WorkerId} broke")]
    public static partial void ConnectionBroke(ILogger logger, string workerId);

    [LoggerMessage(20, LogLevel.Warning, "Refused {Count} more in the ten seconds before; they are counted, but not listed")]
    public static partial void MoreRefused(ILogger logger, int count);

    [LoggerMessage(
        21, LogLevel.Warning, "Worker {WorkerId} does not read what is sent to it; {Messages} messages wait. Its connection is cut")]
    public static partial void DoesNotRead(ILogger logger, string workerId, int messages);
}
