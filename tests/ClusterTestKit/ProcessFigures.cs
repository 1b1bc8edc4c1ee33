using System.Globalization;

namespace LoptCluster.ClusterTestKit;

/// <summary>Memory and processor time of a process, as /proc has them.</summary>
public static class ProcessFigures
{
    /// <summary>Clock ticks of a second in /proc (USER_HZ of Linux on every common processor).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Resident memory now, bytes.</summary>
    public static long Resident(int process) => Status(process, "VmRSS:");

    /// <summary>Largest resident memory since the start of the process, bytes.</summary>
    public static long PeakResident(int process) => Status(process, "VmHWM:");

    /// <summary>Processor time of all threads since the start of the process.</summary>
    public static TimeSpan Processor(int process)
    {
        // The name of the program stands in parentheses and may have spaces; utime and stime are the 12th and 13th fields after it.
        string text = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        double ticks = double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static long Status(int process, string key)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return 1024 * long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
