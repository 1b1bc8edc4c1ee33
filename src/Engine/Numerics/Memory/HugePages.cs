using System.Runtime.InteropServices;

namespace LoptCluster.Engine.Numerics.Memory;

/// <summary>Asks Linux for pages of 2 MB under large blocks: fewer of the misses in the address tables that long sweeps over memory meet.</summary>
/// <remarks>Only a wish: where it is not granted, pages are small. /sys/kernel/mm/transparent_hugepage/enabled must not be "never".</remarks>
internal static unsafe partial class HugePages
{
    public const int PageBytes = 2 << 20;

    /// <summary>Value of MADV_HUGEPAGE in Linux's headers.</summary>
    private const int Advice = 14;

    /// <summary>Blocks of at least a page are worth it.</summary>
    public static bool Wanted(nuint bytes) => OperatingSystem.IsLinux() && bytes >= PageBytes;

    /// <param name="block">Begins at a multiple of <see cref="PageBytes"/>; not touched yet.</param>
    /// <param name="bytes">Of it.</param>
    public static void Ask(void* block, nuint bytes) => _ = Native.MAdvise(block, bytes, Advice);

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "madvise")]
        public static partial int MAdvise(void* address, nuint length, int advice);
    }
}
