using System.Globalization;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.Web;

/// <summary>States, reasons and times as people read them.</summary>
internal static class PageWords
{
    public static string Of(RunState state) => Spaced(state.ToString());

    /// <summary>WrongEngineVersion → wrong engine version.</summary>
    public static string Spaced(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? " " : "")}{char.ToLowerInvariant(c)}" : $"{c}"));

    /// <summary>"40 s", "3 min", "2 h".</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0} s"),
        { TotalMinutes: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} h"),
    };

    public static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {noun}{(count == 1 ? "" : "s")}");
}
