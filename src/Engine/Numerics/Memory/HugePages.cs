using System.Runtime.InteropServices;

namespace LoptCluster.Engine.Numerics.Memory;

/// <summary>Request to Linux for 2 MB pages under large blocks: long sweeps over memory then cause fewer TLB misses.</summary>
/// <remarks>Only a hint: if it is not granted, pages are small. /sys/kernel/mm/transparent_hugepage/enabled must not be "never".</remarks>
internal static unsafe partial class HugePages
{
    public const int PageBytes = 2 << 20;

    /// <summary>Value of MADV_HUGEPAGE in the C library.</summary>
    private const int Advice = 14;

    /// <summary>Whether a block is worth it: at least one huge page, on Linux.</summary>
    public static bool Wanted(nuint bytes) => OperatingSystem.IsLinux() && bytes >= PageBytes;

    /// <param name="block">Start of the block, at a multiple of <see cref="PageBytes"/>; not touched yet.</param>
    /// <param name="bytes">Size of the block in bytes.</param>
    public static void Ask(void* block, nuint bytes) => _ = Native.MAdvise(block, bytes, Advice);

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "madvise")]
        public static partial int MAdvise(void* address, nuint length, int advice);
    }
}
