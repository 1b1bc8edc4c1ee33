namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Blocks of a GIF file (GIF89a, §17 to §26).</summary>
internal static class GifBlocks
{
    private const byte Extension = 0x21, Image = 0x2C;
    private const int HeaderLength = 13, ImageHeaderLength = 9;

    /// <summary>Whether there is a second picture.</summary>
    public static bool Moves(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("GIF8"u8) || bytes.Length < HeaderLength) return false;
        int images = 0;
        for (int at = HeaderLength + TableLength(bytes[10]); at < bytes.Length;)
        {
            if (bytes[at] == Extension)
            {
                at = AfterData(bytes, at + 2);
            }
            else if (bytes[at] == Image && ++images < 2 && at + ImageHeaderLength < bytes.Length)
            {
                at = AfterData(bytes, at + 1 + ImageHeaderLength + TableLength(bytes[at + ImageHeaderLength]) + 1);
            }
            else
            {
                break;
            }
        }

        return images == 2;
    }

    /// <summary>Bytes of the table of colours that a packed field announces.</summary>
    private static int TableLength(byte packed) => (packed & 0x80) == 0 ? 0 : 3 << ((packed & 7) + 1);

    /// <summary>Position behind sub-blocks: each a length and as many bytes, up to a length of 0.</summary>
    private static int AfterData(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length && bytes[at] != 0) at += 1 + bytes[at];
        return at + 1;
    }
}
