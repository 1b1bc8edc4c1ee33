using System.IO.Compression;
using System.Runtime.InteropServices;

namespace LoptCluster.Coordinator.Store;

/// <summary>The gradients of one batch as bytes: float32 of all of them, one after the other, compressed without loss.</summary>
/// <remarks>
/// Bytes of equal significance stand together: signs and exponents of gradients are alike and compress, mantissas hardly do.
/// </remarks>
internal static class GradientPage
{
    /// <summary>
    /// Of 8 gradients with 610 elements 80 % is left, in 0.4 ms; quality 1 leaves 86 % in 0.2 ms, 9 leaves 79 % in 21 ms. The mantissas
    /// are noise.
    /// </summary>
    private const int Quality = 5;

    private const int Window = 22;

    /// <param name="gradients">Gradients of equal length; at least one.</param>
    public static byte[] Pack(IReadOnlyList<ReadOnlyMemory<float>> gradients)
    {
        int length = gradients[0].Length, elements = gradients.Count * length;
        byte[] planes = new byte[elements * sizeof(float)];
        for (int g = 0; g < gradients.Count; g++)
        {
            var bytes = MemoryMarshal.AsBytes(gradients[g].Span);
            for (int i = 0; i < bytes.Length; i++) planes[((i % sizeof(float)) * elements) + (g * length) + (i / sizeof(float))] = bytes[i];
        }

        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(planes.Length)];
        if (!BrotliEncoder.TryCompress(planes, packed, out int written, Quality, Window))
            throw new InvalidOperationException($"A page of {planes.Length} bytes did not fit into {packed.Length}.");
        return packed[..written];
    }

    /// <param name="page">What <see cref="Pack"/> made.</param>
    /// <param name="gradients">Gradients in the page.</param>
    /// <param name="length">|θ|.</param>
    /// <exception cref="InvalidDataException">The page is not one of so many gradients.</exception>
    public static IReadOnlyList<ReadOnlyMemory<float>> Unpack(ReadOnlySpan<byte> page, int gradients, int length)
    {
        int elements = gradients * length;
        byte[] planes = new byte[elements * sizeof(float)];
        if (!BrotliDecoder.TryDecompress(page, planes, out int read) || read != planes.Length)
            throw new InvalidDataException($"A page of {gradients} gradients with {length} elements was expected.");
        var unpacked = new ReadOnlyMemory<float>[gradients];
        for (int g = 0; g < gradients; g++)
        {
            float[] values = new float[length];
            var bytes = MemoryMarshal.AsBytes(values.AsSpan());
            for (int i = 0; i < bytes.Length; i++) bytes[i] = planes[((i % sizeof(float)) * elements) + (g * length) + (i / sizeof(float))];
            unpacked[g] = values;
        }

        return unpacked;
    }
}
