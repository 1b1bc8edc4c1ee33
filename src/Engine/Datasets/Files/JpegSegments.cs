using System.Buffers.Binary;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>The segments of a JPEG file (ITU-T T.81, Annex B): whether the image itself ends, and how it is to be turned.</summary>
/// <remarks>An embedded thumbnail has an end mark of its own, so the first one in the file proves nothing.</remarks>
internal static class JpegSegments
{
    private const byte EndOfImage = 0xD9, StartOfScan = 0xDA, Exif = 0xE1;
    private const int OrientationTag = 0x0112;

    /// <summary>Whether the file has the image's end mark, behind its last scan.</summary>
    public static bool HasEnd(ReadOnlySpan<byte> bytes)
    {
        int at = 2;
        while (Next(bytes, ref at, out byte marker, out _))
        {
            if (marker == EndOfImage) return true;
            if (marker == StartOfScan) at = EndOfScan(bytes, at);
        }

        return false;
    }

    /// <summary>
    /// Orientation of the image as EXIF says it (CIPA DC-008, tag 274), 1 to 8; 1 if the file says nothing: it is stored upright.
    /// </summary>
    public static int Orientation(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [0xFF, 0xD8, ..]) return 1;
        int at = 2;
        while (Next(bytes, ref at, out byte marker, out var content) && marker is not (StartOfScan or EndOfImage))
            if (marker == Exif && content.StartsWith("Exif\0\0"u8)) return OfTiff(content[6..]);
        return 1;
    }

    /// <summary>The next marker with the content of its segment; false at the end of the file, also within a segment.</summary>
    private static bool Next(ReadOnlySpan<byte> bytes, ref int at, out byte marker, out ReadOnlySpan<byte> content)
    {
        marker = 0;
        content = default;
        // Fill bytes (FF) and stray ones may come before a marker.
        while (at + 1 < bytes.Length && (bytes[at] != 0xFF || bytes[at + 1] is 0x00 or 0xFF)) at++;
        if (at + 1 >= bytes.Length) return false;
        marker = bytes[at + 1];
        at += 2;
        if (marker is 0x01 or (>= 0xD0 and <= 0xD9)) return true;
        if (at + 2 > bytes.Length) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        if (length < 2 || at + length > bytes.Length) return false;
        content = bytes[(at + 2)..(at + length)];
        at += length;
        return true;
    }

    /// <summary>Entropy-coded data end at a marker that is no restart.</summary>
    private static int EndOfScan(ReadOnlySpan<byte> bytes, int at)
    {
        while (at + 1 < bytes.Length && (bytes[at] != 0xFF || bytes[at + 1] is 0x00 or 0xFF or (>= 0xD0 and <= 0xD7))) at++;
        return at;
    }

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
            if (UInt16(tiff, entry, little) != OrientationTag) continue;
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
