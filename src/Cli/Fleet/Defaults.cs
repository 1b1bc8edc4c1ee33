namespace LoptCluster.Cli.Fleet;

/// <summary>Default addresses and deadlines of a fleet.</summary>
internal static class Defaults
{
    /// <summary>gRPC address of the coordinator.</summary>
    public const string Listen = "127.0.0.1:5317";

    /// <summary>Address of the coordinator's page and metrics.</summary>
    public const string Web = "127.0.0.1:5318";

    /// <summary>Any free port on loopback.</summary>
    public const string AnyPort = "127.0.0.1:0";

    /// <summary>Address of the health service, where it is enabled.</summary>
    public const string Health = "127.0.0.1:5319";

    /// <summary>Deadline of unary calls, whose answers take milliseconds.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    public static DateTime Deadline(TimeProvider time) => time.GetUtcNow().UtcDateTime + CallTimeout;
}
