using System.Buffers.Binary;
using System.IO.Hashing;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Detection of truncated or damaged image files, because the decoder silently fills in missing data.</summary>
internal static class ImageFileCheck
{
    private const int BitmapHeaderLength = 54;
    private static readonly DatasetPublication Publication = DatasetPublication.ImageFolder;

    private const byte GifEnd = 0x3B;
    private const string EndOfFile = "the end of the file";

    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];

    public static bool IsImageName(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG" or ".BMP" or ".GIF" && Path.GetFileName(path)[0] != '.';

    /// <summary>Checks a file according to its content; the name is ignored.</summary>
    public static void Check(string path, ReadOnlySpan<byte> bytes)
    {
        if (PngChunks.IsPng(bytes))
        {
            CheckPng(path, bytes);
        }
        else if (bytes.StartsWith(JpegStart))
        {
            if (!JpegSegments.HasEnd(bytes)) throw Error(path, bytes.Length, "the end mark of a JPEG (FF D9)", EndOfFile);
            if (JpegSegments.HasUnknownInks(bytes)) throw Error(path, 0, "a JPEG in grey or colour", "four inks (CMYK) of an unknown kind");
        }
        else if (bytes.StartsWith("BM"u8))
        {
            CheckBitmap(path, bytes);
        }
        else if (bytes.StartsWith("GIF8"u8))
        {
            if (bytes.TrimEnd((byte)0) is not [.., GifEnd]) throw Error(path, bytes.Length, "the end mark of a GIF (3B)", EndOfFile);
        }
        else
        {
            throw Error(path, 0, "a PNG, JPEG, BMP or GIF image", FileStart.Describe(bytes));
        }
    }

    /// <summary>The length that the header announces, and that which rows of its format need: the former is often wrong.</summary>
    private static void CheckBitmap(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < BitmapHeaderLength)
            throw Error(path, bytes.Length, $"a bitmap header of {BitmapHeaderLength} bytes", EndOfFile);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]);
        if (length > bytes.Length) throw Error(path, bytes.Length, $"{length:N0} bytes, the length in the bitmap's header", EndOfFile);
        const int FirstWithWidth32 = 40, Compressed = 30, BitFields = 3;
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[14..]) < FirstWithWidth32
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[Compressed..]) is not (0 or BitFields))
            return;
        long width = BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]), height = BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]);
        long row = ((Math.Abs(width) * BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..])) + 31) / 32 * 4;
        long needed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]) + (row * Math.Abs(height));
        if (needed > bytes.Length)
            throw Error(path, bytes.Length, $"{needed:N0} bytes, as a bitmap of {width}×{Math.Abs(height)} pixels has", EndOfFile);
    }

    /// <summary>
    /// Checks every chunk up to the last one, IEND: its length, and its checksum unless its type begins with a small letter, as of text
    /// and others that say nothing of the pixels.
    /// </summary>
    private static void CheckPng(string path, ReadOnlySpan<byte> bytes)
    {
        int at = PngChunks.Signature.Length;
        while (true)
        {
            if (bytes.Length - at < PngChunks.Frame) throw Error(path, bytes.Length, "another PNG chunk", EndOfFile);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - PngChunks.Frame)
                throw Error(path, bytes.Length, $"a PNG chunk of {length:N0} bytes from byte {at}", EndOfFile);
            var content = bytes.Slice(at + 4, 4 + (int)length);
            uint crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8 + (int)length)..]);
            uint computed = Crc32.HashToUInt32(content);
            if (crc != computed && char.IsAsciiLetterUpper((char)content[0]))
                throw Error(path, at + 8 + length, $"the checksum {computed:x8} of the PNG chunk before", $"{crc:x8}");
            if (content.StartsWith("IEND"u8)) return;
            at += PngChunks.Frame + (int)length;
        }
    }

    private static Exception Error(string path, long offset, string expected, string found) =>
        DatasetFile.Error(path, Publication, offset, expected, found);
}
