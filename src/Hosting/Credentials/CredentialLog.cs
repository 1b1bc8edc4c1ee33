using Microsoft.Extensions.Logging;

namespace LoptCluster.Hosting.Credentials;

/// <summary>Log messages of credentials that change while a process runs. They name files, never what is in them.</summary>
internal static partial class CredentialLog
{
    [LoggerMessage(1, LogLevel.Information, "Read again because it changed: {What}")]
    public static partial void Renewed(ILogger logger, string what);

    [LoggerMessage(2, LogLevel.Warning, "What was read before stays in use: {What} changed and cannot be used. {Fault}")]
    public static partial void NotUsable(ILogger logger, string what, string fault);
}
