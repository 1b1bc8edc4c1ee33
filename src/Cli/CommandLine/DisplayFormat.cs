using System.Globalization;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Numbers formatted for people; a dash for an unknown value.</summary>
internal static class DisplayFormat
{
    public const string Unknown = "–";

    /// <summary>At most four significant digits: 1.106, 0.0124, 2,084, 1.3e-12.</summary>
    public static string Number(double? value)
    {
        if (value is not { } x) return Unknown;
        if (!double.IsFinite(x)) return double.IsNaN(x) ? Unknown : x > 0 ? "∞" : "-∞";
        double size = Math.Abs(x);
        string format = size switch
        {
            0 => "0",
            >= 1e7 or < 1e-3 => "0.#e0",
            >= 1000 => "#,0",
            >= 100 => "0.0",
            >= 10 => "0.00",
            >= 0.1 => "0.000",
            _ => "0.0000",
        };
        return x.ToString(format, CultureInfo.InvariantCulture);
    }

    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Count(double value) => Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Share as a whole percentage: "27 %".</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");

    public static string Plural(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Hours, minutes and seconds, or days and hours: 1:05, 2:00:09, 3 days 4 h.</summary>
    public static string Duration(TimeSpan? time) => time switch
    {
        null => Unknown,
        { TotalDays: >= 1 } t => $"{Plural((long)t.TotalDays, "day")} {t.Hours} h",
        { TotalHours: >= 1 } t => $"{(int)t.TotalHours}:{t.Minutes:00}:{t.Seconds:00}",
        { } t => $"{t.Minutes}:{t.Seconds:00}",
    };

    /// <summary>An estimate: "about 1:05", or "under a second".</summary>
    public static string About(TimeSpan time) => time.TotalSeconds < 1 ? "under a second" : $"about {Duration(time)}";

    public static string Bytes(double bytes) => bytes switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
    };

    /// <summary>θ's loss relative to the baseline's: "9.3 % lower".</summary>
    public static string Difference(double loss, double baseline) => Improvement((baseline - loss) / baseline);

    /// <summary>By how much a loss is below the baseline's, as a share of that: "9.3 % lower", or "66.0 % higher" for -0.66.</summary>
    public static string Improvement(double share) => share switch
    {
        double.NaN => Unknown,
        < -9.99 => "over 999 % higher",
        < 0 => string.Create(CultureInfo.InvariantCulture, $"{share * -100:0.0} % higher"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} % lower"),
    };
}
