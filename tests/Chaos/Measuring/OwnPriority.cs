using System.Globalization;
using System.Runtime.InteropServices;

namespace LoptCluster.Chaos.Measuring;

/// <summary>Scheduling priority of this process.</summary>
internal static partial class OwnPriority
{
    private const int OfProcess = 0, Lowest = 19;

    /// <summary>
    /// Gives all threads of this process, and those that they start, the lowest priority. Attackers have machines of their own: here they
    /// get what coordinator and workers leave. Linux keeps the priority by thread; processes that were started before keep theirs.
    /// </summary>
    public static void Lower()
    {
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
            _ = SetPriority(OfProcess, int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), Lowest);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int id, int priority);
}
