using System.Globalization;

namespace LoptCluster.Hosting.Telemetry;

/// <summary>Maximum memory of the process: the container's limit, or else the machine's memory.</summary>
/// <remarks>
/// Reads the control groups of Linux, version 2 (memory.max of the process's group and its ancestors) and version 1. The garbage
/// collector's own limit is not suitable: in a container it is three quarters of the limit, and not all memory of the slots belongs to the
/// collector.
/// </remarks>
public static class MemoryLimit
{
    private const string Mount = "sys/fs/cgroup";

    /// <summary>Reads the limit from the file system.</summary>
    /// <param name="root">Root of the file system; tests use another one.</param>
    /// <returns>Limit in bytes.</returns>
    public static long Read(string root = "/") => Groups(root)
        .SelectMany(
            g => new[] { Path.Combine(root, Mount, g, "memory.max"), Path.Combine(root, Mount, "memory", g, "memory.limit_in_bytes") })
        .Select(Number)
        .Append(Machine(root))
        .OfType<long>()
        .DefaultIfEmpty(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        .Min();

    /// <summary>
    /// The process's memory group and its ancestors; the outermost ("") is last. A container sees its own group as the outermost.
    /// </summary>
    private static IEnumerable<string> Groups(string root)
    {
        string file = Path.Combine(root, "proc/self/cgroup");
        string[] lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        // The line is "0::/path" in version 2, "4:memory:/path" in version 1.
        string path = lines.Select(l => l.Split(':', 3)).FirstOrDefault(p => p is [_, "memory", _] or ["0", "", _])?[2].Trim('/') ?? "";
        for (; path.Length > 0; path = Path.GetDirectoryName(path) ?? "") yield return path;
        yield return "";
    }

    /// <summary>Memory of the machine, from the line "MemTotal:       24684084 kB"; null if it is missing.</summary>
    private static long? Machine(string root)
    {
        string file = Path.Combine(root, "proc/meminfo");
        string? line = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("MemTotal:", StringComparison.Ordinal))
            : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, "kB"]
            ? long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024
            : null;
    }

    /// <summary>Number in a file; null if the file does not exist or holds "max".</summary>
    private static long? Number(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
                ? bytes
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
