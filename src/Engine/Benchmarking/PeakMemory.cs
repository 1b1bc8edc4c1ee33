using System.Globalization;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>The most memory that this process has held.</summary>
public static class PeakMemory
{
    /// <summary>VmHWM of /proc/self/status, bytes; null where there is none.</summary>
    public static long? Bytes()
    {
        const string Status = "/proc/self/status", Key = "VmHWM:";
        if (!File.Exists(Status)) return null;
        string? line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
        string? kilobytes = line?[Key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return kilobytes == null ? null : 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture);
    }
}
