namespace LoptCluster.Hosting.Telemetry;

/// <summary>How log lines are written to standard error.</summary>
public enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text,

    /// <summary>A JSON object a line, with UTC time, every value by name, and trace and span ids.</summary>
    Json,
}
