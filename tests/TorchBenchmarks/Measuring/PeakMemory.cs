using System.Globalization;

namespace LoptCluster.TorchBenchmarks.Measuring;

/// <summary>The most memory that this process has held.</summary>
internal static class PeakMemory
{
    /// <summary>VmHWM of /proc/self/status, MB of 10⁶ bytes; 0 where there is none.</summary>
    public static double Megabytes()
    {
        const string Status = "/proc/self/status", Key = "VmHWM:";
        if (!File.Exists(Status)) return 0;
        string? line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
        string? kilobytes = line?[Key.Length..].Replace("kB", string.Empty, StringComparison.Ordinal).Trim();
        return kilobytes is null ? 0 : 1.024e-3 * double.Parse(kilobytes, CultureInfo.InvariantCulture);
    }
}
