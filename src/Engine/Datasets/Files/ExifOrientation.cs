using System.Buffers.Binary;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Orientation of an image as EXIF says it (CIPA DC-008, tag 274): 1 (as stored) to 8.</summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112;

    /// <summary>That of a JPEG or PNG; 1 if the file says nothing: it is stored upright.</summary>
    public static int Of(ReadOnlySpan<byte> bytes) =>
        PngChunks.IsPng(bytes) ? OfTiff(PngChunks.Find(bytes, "eXIf"u8)) : OfTiff(JpegSegments.Exif(bytes));

    /// <summary>That in the directory of a TIFF structure, which EXIF data are; 1 if they do not have it.</summary>
    private static int OfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return 1;
        bool little = tiff.StartsWith("II"u8);
        long directory = UInt32(tiff, 4, little);
        if (directory + 2 > tiff.Length) return 1;
        int entries = UInt16(tiff, (int)directory, little);
        for (int i = 0; i < entries; i++)
        {
            int entry = (int)directory + 2 + (12 * i);
            if (entry + 12 > tiff.Length) return 1;
            if (UInt16(tiff, entry, little) != Tag) continue;
            int orientation = UInt16(tiff, entry + 8, little);
            return orientation is >= 1 and <= 8 ? orientation : 1;
        }

        return 1;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
