using System.Buffers.Binary;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>The segments of a JPEG file (ITU-T T.81, Annex B): whether the image itself ends, and what EXIF says.</summary>
/// <remarks>An embedded thumbnail has an end mark of its own, so the first one in the file proves nothing.</remarks>
internal static class JpegSegments
{
    private const byte EndOfImage = 0xD9, StartOfScan = 0xDA, Application1 = 0xE1, Application14 = 0xEE;

    /// <summary>Start of a frame: baseline, extended or progressive.</summary>
    private const byte FirstFrame = 0xC0, LastFrame = 0xC2;
    private const int ComponentsAt = 5;

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

    /// <summary>Whether the image has four components and no word on what they are: Adobe's marker is missing.</summary>
    public static bool HasUnknownInks(ReadOnlySpan<byte> bytes)
    {
        int at = 2, components = 0;
        while (Next(bytes, ref at, out byte marker, out var content) && marker is not (StartOfScan or EndOfImage))
        {
            if (marker == Application14 && content.StartsWith("Adobe"u8)) return false;
            if (marker is >= FirstFrame and <= LastFrame && content.Length > ComponentsAt) components = content[ComponentsAt];
        }

        return components == 4;
    }

    /// <summary>EXIF data, a TIFF structure; empty if the file has none.</summary>
    public static ReadOnlySpan<byte> Exif(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [0xFF, 0xD8, ..]) return default;
        int at = 2;
        while (Next(bytes, ref at, out byte marker, out var content) && marker is not (StartOfScan or EndOfImage))
            if (marker == Application1 && content.StartsWith("Exif\0\0"u8)) return content[6..];
        return default;
    }

    /// <summary>The next marker with the content of its segment; false at the end of the file, also within a segment.</summary>
    private static bool Next(ReadOnlySpan<byte> bytes, scoped ref int at, out byte marker, out ReadOnlySpan<byte> content)
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
}
