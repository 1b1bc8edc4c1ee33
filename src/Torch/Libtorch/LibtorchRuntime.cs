using System.Runtime.InteropServices;
using LoptCluster.Shared;
using TorchSharp;

namespace LoptCluster.Torch.Libtorch;

/// <summary>Native part of TorchSharp in this process: loaded once and configured for workers, or refused with a reason.</summary>
public static class LibtorchRuntime
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    /// <summary>
    /// Threshold in bytes below which freed memory stays in the process: by default glibc returns a tape's memory to the system after every
    /// step, and the next step faults it in again.
    /// </summary>
    private const int KeptBytes = 1 << 30;

    /// <summary>Largest threshold that glibc accepts (half a heap); it silently ignores larger values.</summary>
    private const int LargestMmapThreshold = 1 << 25;

    private static readonly Lazy<string?> Failure = new(Load);

    /// <summary>Reason why libtorch cannot be used, in one line; null if it can.</summary>
    public static string? WhyUnavailable => Failure.Value;

    /// <exception cref="UserErrorException">libtorch cannot be loaded on this system.</exception>
    public static void Require()
    {
        if (WhyUnavailable is { } why) throw new UserErrorException(why);
        // One thread per slot: with more, the kernels of several slots would compete for cores. libtorch keeps this setting per thread.
        torch.set_num_threads(1);
    }

    /// <remarks>
    /// Loads the libraries first, because TorchSharp's own loader reacts to a failure with a page of text on standard output and half a
    /// gigabyte of copies.
    /// </remarks>
    private static string? Load()
    {
        KeepFreedMemory();
        try
        {
            NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, null);
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message.Contains("GLIBCXX", StringComparison.Ordinal)
                ? "libtorch cannot be loaded on this system: TorchSharp 0.107 needs the libstdc++ of GCC 13 or later. "
                    + "Use Debian 13, Ubuntu 24.04 or the .NET 10 images."
                : $"libtorch cannot be loaded in this program ({FirstLine(e.Message)}). "
                    + "Reference the package TorchSharp-cpu 0.107.0 beside LoptCluster.Torch.";
        }

        torch.InitializeDeviceType(DeviceType.CPU);
        return null;
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('.', '\r');

    /// <summary>
    /// Sets what MALLOC_TRIM_THRESHOLD_, MALLOC_TOP_PAD_ and MALLOC_MMAP_THRESHOLD_ would set if they were defined before the start.
    /// </summary>
    private static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = NativeMethods.Mallopt(TrimThreshold, KeptBytes);
            _ = NativeMethods.Mallopt(TopPad, 64 << 20);
            _ = NativeMethods.Mallopt(MmapThreshold, LargestMmapThreshold);
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is not glibc and has no such thresholds.
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "mallopt")]
        public static extern int Mallopt(int parameter, int value);
    }
}
