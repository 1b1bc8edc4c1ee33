using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>Log messages of workers' streams.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(11, LogLevel.Information, "The connection of worker {WorkerId} broke")]
    public static partial void ConnectionBroke(ILogger logger, string workerId);
}
