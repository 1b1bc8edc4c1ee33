using System.Buffers.Binary;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Chunks of a PNG file: length, type, content, checksum.</summary>
internal static class PngChunks
{
    /// <summary>Bytes of a chunk beside its content.</summary>
    public const int Frame = 12;

    private const int DepthAt = 24;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    /// <summary>Bits of a channel, of a PNG that has its header.</summary>
    public static int Depth(ReadOnlySpan<byte> bytes) => bytes[DepthAt];

    /// <summary>Content of the first chunk of a type; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> type)
    {
        for (int at = Signature.Length; bytes.Length - at >= Frame;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - Frame) break;
            if (bytes[(at + 4)..].StartsWith(type)) return bytes.Slice(at + 8, (int)length);
            at += Frame + (int)length;
        }

        return default;
    }
}
