namespace LoptCluster.Cli.Fleet;

/// <summary>Where a fleet meets when nothing is said.</summary>
internal static class Defaults
{
    /// <summary>Address at which the coordinator listens.</summary>
    public const string Listen = "127.0.0.1:5317";

    /// <summary>The coordinator's page and metrics.</summary>
    public const string Web = "127.0.0.1:5318";

    /// <summary>Whatever port is free, on loopback.</summary>
    public const string AnyPort = "127.0.0.1:0";

    /// <summary>The health service of a coordinator or worker that has one.</summary>
    public const string Health = "127.0.0.1:5319";

    /// <summary>A deadline for single calls: an answer is a matter of milliseconds.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    public static DateTime Deadline(TimeProvider time) => time.GetUtcNow().UtcDateTime + CallTimeout;
}
