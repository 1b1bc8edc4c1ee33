using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Hosting.Telemetry;

/// <summary>
/// A line that a program writes beside its log: an address, a note, or why it ends. In JSON it has the fields of a log entry, so that
/// whoever collects the output finds JSON on every line.
/// </summary>
public static class ProgramLine
{
    internal const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private const string Category = "LoptCluster";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="format">Format of the program's log.</param>
    /// <param name="level">Weight of the line.</param>
    /// <param name="message">The text.</param>
    /// <param name="now">The time.</param>
    /// <returns>The text itself, or an object on one line.</returns>
    public static string Of(LogFormat format, LogLevel level, string message, DateTimeOffset now) => format == LogFormat.Text
        ? message
        : new JsonObject
        {
            ["Timestamp"] = now.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture),
            ["LogLevel"] = level.ToString(),
            ["Category"] = Category,
            ["Message"] = message,
        }.ToJsonString(Options);
}
