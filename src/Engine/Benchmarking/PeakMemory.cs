using System.Diagnostics;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>Peak resident memory of this process.</summary>
public static class PeakMemory
{
    /// <summary>Largest working set so far, in bytes (VmHWM on Linux); null if the system does not report it.</summary>
    public static long? Bytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 is > 0 and long bytes ? bytes : null;
    }
}
