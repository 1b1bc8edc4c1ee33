using System.Runtime.InteropServices;
using Google.Protobuf;
using LoptCluster.Shared;

namespace LoptCluster.Protocol.Wire;

/// <summary>Vectors as little-endian float32 bytes: in messages and in the run store.</summary>
public static class FloatBytes
{
    public static ByteString Pack(ReadOnlySpan<float> values) => ByteString.CopyFrom(MemoryMarshal.AsBytes(values));

    public static byte[] ToArray(ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values).ToArray();

    /// <exception cref="UserErrorException">Not a whole number of floats.</exception>
    public static float[] Unpack(ReadOnlySpan<byte> bytes) => bytes.Length % sizeof(float) == 0
        ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
        : throw new UserErrorException($"{bytes.Length} bytes are not a whole number of float32 values.");
}
