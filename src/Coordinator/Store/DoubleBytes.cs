using System.Runtime.InteropServices;

namespace LoptCluster.Coordinator.Store;

/// <summary>Adam's moments as little-endian float64 bytes.</summary>
internal static class DoubleBytes
{
    public static byte[] Pack(ReadOnlySpan<double> values) => MemoryMarshal.AsBytes(values).ToArray();

    public static double[] Unpack(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, double>(bytes).ToArray();
}
