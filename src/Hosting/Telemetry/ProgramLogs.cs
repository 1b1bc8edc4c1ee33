using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LoptCluster.Hosting.Telemetry;

/// <summary>Log configuration of coordinator and worker.</summary>
public static class ProgramLogs
{
    /// <summary>Sends all logs to standard error: standard output carries only the addresses, for programs to read.</summary>
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
                o.TimestampFormat = ProgramLine.TimestampFormat;
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

        logging.Services.Configure<ConsoleLoggerOptions>(o =>
        {
            o.LogToStandardErrorThreshold = LogLevel.Trace;
            // Whoever collects the lines may stand still; the program does not. They wait in some MB of memory.
            o.MaxQueueLength = 20_000;
            o.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        logging.SetMinimumLevel(LogLevel.Warning);
        // The program itself reports, in one line, why it ends.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // A probe that receives "not ready" needs no log line.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // There is no cookie or form that needs the keys of data protection.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.None);
        // What is wrong with a call goes to its caller; what we fail at, we log ourselves.
        logging.AddFilter("Grpc.AspNetCore.Server", LogLevel.None);
        logging.AddFilter("LoptCluster", verbose ? LogLevel.Debug : LogLevel.Information);
    }
}
