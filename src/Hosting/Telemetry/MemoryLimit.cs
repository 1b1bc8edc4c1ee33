using System.Globalization;

namespace LoptCluster.Hosting.Telemetry;

/// <summary>What the process may use at most: the container's limit, else the machine's memory.</summary>
/// <remarks>
/// Read from the control groups of Linux, version 2 (memory.max of the process's group and of those above it) and 1. The garbage collector's own figure
/// is no use here: with a container limit it is three quarters of it, and the arenas of the slots are not all the collector's.
/// </remarks>
public static class MemoryLimit
{
    private const string Mount = "sys/fs/cgroup";

    /// <param name="root">Root of the file system; another one in tests.</param>
    /// <returns>Bytes.</returns>
    public static long Read(string root = "/") => Groups(root)
        .SelectMany(g => new[] { Path.Combine(root, Mount, g, "memory.max"), Path.Combine(root, Mount, "memory", g, "memory.limit_in_bytes") })
        .Select(Number)
        .Append(Machine(root))
        .OfType<long>()
        .DefaultIfEmpty(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        .Min();

    /// <summary>The process's memory group and those above it, the outermost ("") last. A container sees its own as the outermost.</summary>
    private static IEnumerable<string> Groups(string root)
    {
        string file = Path.Combine(root, "proc/self/cgroup");
        string[] lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        // "0::/path" in version 2, "4:memory:/path" in version 1.
        string path = lines.Select(l => l.Split(':', 3)).FirstOrDefault(p => p is [_, "memory", _] or ["0", "", _])?[2].Trim('/') ?? "";
        for (; path.Length > 0; path = Path.GetDirectoryName(path) ?? "") yield return path;
        yield return "";
    }

    /// <summary>Reads the machine's memory from a line such as "MemTotal:       24684084 kB".</summary>
    private static long? Machine(string root)
    {
        string file = Path.Combine(root, "proc/meminfo");
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("MemTotal:", StringComparison.Ordinal)) : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, "kB"] ? long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024 : null;
    }

    /// <summary>Null where the file is not there or says "max".</summary>
    private static long? Number(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
