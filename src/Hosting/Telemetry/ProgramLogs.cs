using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LoptCluster.Hosting.Telemetry;

/// <summary>Log lines of coordinator and worker.</summary>
public static class ProgramLogs
{
    /// <summary>All to standard error: standard output carries the addresses alone, for programs to read.</summary>
    public static void AddProgramLogs(this ILoggingBuilder logging, LogFormat format, bool verbose)
    {
        logging.ClearProviders();
        logging.Configure(o => o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(o =>
            {
                o.IncludeScopes = true;
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.TimestampFormat = "HH:mm:ss ";
            });
        }

        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning);
        // What ends the program is said by the program, in a line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // A probe that is told "not ready" has its answer.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // No cookie or form needs the keys that it would keep.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.None);
        logging.AddFilter("LoptCluster", verbose ? LogLevel.Debug : LogLevel.Information);
    }
}
