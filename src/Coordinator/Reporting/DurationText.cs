using System.Globalization;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>Durations as people read them: "40 s", "3 min", "2 h".</summary>
internal static class DurationText
{
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0} s"),
        { TotalMinutes: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} h"),
    };
}
