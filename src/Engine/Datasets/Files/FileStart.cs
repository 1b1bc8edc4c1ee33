namespace LoptCluster.Engine.Datasets.Files;

/// <summary>What a file is that is called an image, and cannot be read: by its first bytes.</summary>
internal static class FileStart
{
    private const int Shown = 8;

    private static ReadOnlySpan<byte> Jpeg2000 => [0, 0, 0, 12, (byte)'j', (byte)'P'];

    /// <summary>Such as "a WebP image", or the first bytes themselves.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "an empty file";
        if (bytes.StartsWith("RIFF"u8) && At(bytes, 8, "WEBP"u8)) return "a WebP image";
        if (At(bytes, 4, "ftyp"u8)) return At(bytes, 8, "avif"u8) ? "an AVIF image" : "a HEIC image or a film";
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)) return "a TIFF image";
        if (bytes.StartsWith(Jpeg2000)) return "a JPEG 2000 image";
        if (bytes.StartsWith("version https://git-lfs"u8)) return "a pointer of Git LFS ('git lfs pull' fetches the file itself)";
        if (!bytes[..Math.Min(bytes.Length, 256)].ContainsAnyExceptInRange((byte)9, (byte)126))
            return bytes.TrimStart(" \r\n\t"u8).StartsWith("<"u8) ? "a web page or another text" : "text";
        return $"bytes {Convert.ToHexString(bytes[..Math.Min(Shown, bytes.Length)])}";
    }

    private static bool At(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> what) =>
        bytes.Length >= at + what.Length && bytes[at..].StartsWith(what);
}
