namespace LoptCluster.Hosting.Telemetry;

/// <summary>Format of log lines on standard error.</summary>
public enum LogFormat
{
    /// <summary>One human-readable line per entry.</summary>
    Text,

    /// <summary>One JSON object per line, with UTC time, all values by name, and trace and span ids.</summary>
    Json,
}
