using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>Clock of the calling thread's processor time, in seconds: other load on the machine does not count.</summary>
/// <remarks>Uses wall-clock time on systems other than Linux; on an idle machine the two agree.</remarks>
internal static unsafe class ProcessorClock
{
    private const int ThreadCpuTime = 3;

    public static double Seconds()
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            long* time = stackalloc long[2];
            if (Native.ClockGetTime(ThreadCpuTime, time) == 0) return time[0] + (time[1] * 1e-9);
        }

        return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    /// <summary>Processor time of one call, in seconds.</summary>
    public static double SecondsOf(Action action)
    {
        double start = Seconds();
        action();
        return Seconds() - start;
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "clock_gettime")]
        public static extern int ClockGetTime(int clock, long* secondsAndNanoseconds);
    }
}
