using System.Runtime.InteropServices;
using LoptCluster.Shared;
using TorchSharp;

namespace LoptCluster.Torch.Libtorch;

/// <summary>The native half of TorchSharp in this process: loaded once, set up for workers, or refused in one line.</summary>
public static class LibtorchRuntime
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    /// <summary>glibc gives memory of a tape back to the system at the end of every step, and faults it in again at the next.</summary>
    private const int KeptBytes = 1 << 30;

    /// <summary>glibc takes no more (half a heap), and refuses a greater number without a word.</summary>
    private const int LargestMmapThreshold = 1 << 25;

    private static readonly Lazy<string?> Failure = new(Load);

    /// <summary>Null: libtorch works here. Else why it does not, in one line.</summary>
    public static string? WhyUnavailable => Failure.Value;

    /// <exception cref="UserErrorException">libtorch does not load on this system.</exception>
    public static void Require()
    {
        if (WhyUnavailable is { } why) throw new UserErrorException(why);
        // One thread a slot: the kernels of several slots would only take each other's cores. libtorch keeps the number by thread.
        torch.set_num_threads(1);
    }

    /// <remarks>Tried here first: TorchSharp's own loader answers a library that does not load with a page of text on standard output and half a gigabyte of copies.</remarks>
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
                ? "libtorch does not load on this system: TorchSharp 0.107 needs the libstdc++ of GCC 13 or later, as in Debian 13, Ubuntu 24.04 or the .NET 10 images"
                : $"libtorch does not load in this program: reference the package TorchSharp-cpu 0.107.0 beside LoptCluster.Torch ({FirstLine(e.Message)})";
        }

        torch.InitializeDeviceType(DeviceType.CPU);
        return null;
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('.', '\r');

    /// <summary>What MALLOC_TRIM_THRESHOLD_, MALLOC_TOP_PAD_ and MALLOC_MMAP_THRESHOLD_ would do, without being set before the start.</summary>
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
            // Another C library than glibc: it has no such habit.
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "mallopt")]
        public static extern int Mallopt(int parameter, int value);
    }
}
