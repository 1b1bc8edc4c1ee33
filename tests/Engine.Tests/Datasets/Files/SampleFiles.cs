using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace LoptCluster.Engine.Tests.Datasets.Files;

/// <summary>Writes small files of each format.</summary>
internal static class SampleFiles
{
    /// <summary>A record of CIFAR: labels, then planes that are filled with red, green, blue.</summary>
    public static byte[] CifarRecord(byte[] labels, byte red, byte green, byte blue)
    {
        byte[] record = new byte[labels.Length + 3072];
        labels.CopyTo(record, 0);
        record.AsSpan(labels.Length, 1024).Fill(red);
        record.AsSpan(labels.Length + 1024, 1024).Fill(green);
        record.AsSpan(labels.Length + 2048, 1024).Fill(blue);
        return record;
    }

    /// <summary>IDX of unsigned bytes with any magic number and header.</summary>
    public static byte[] Idx(int magic, int[] dimensions, params ReadOnlySpan<byte> data)
    {
        byte[] file = new byte[4 + (4 * dimensions.Length) + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(file, magic);
        for (int i = 0; i < dimensions.Length; i++) BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), dimensions[i]);
        data.CopyTo(file.AsSpan(4 + (4 * dimensions.Length)));
        return file;
    }

    public static byte[] GZip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(content);
        return packed.ToArray();
    }

    public static byte[] Npy(string type, bool fortran, string shape, params ReadOnlySpan<byte> data)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({shape}), }}";
        header = header.PadRight(((10 + header.Length) / 64 * 64) + 64 - 10 - 1) + "\n";
        byte[] file = new byte[10 + header.Length + data.Length];
        ((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]).CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)header.Length);
        Encoding.ASCII.GetBytes(header, file.AsSpan(10));
        data.CopyTo(file.AsSpan(10 + header.Length));
        return file;
    }

    public static byte[] Zip(CompressionLevel level, params ReadOnlySpan<(string Name, byte[] Content)> entries)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = archive.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return packed.ToArray();
    }

    /// <summary>
    /// 8-bit PNG; channels 1 grey, 2 grey + alpha, 3 colour, 4 colour + alpha. <paramref name="pixel"/> gives pixel (x, y).
    /// </summary>
    public static byte[] Png(int width, int height, int channels, Func<int, int, byte[]> pixel)
    {
        using var raw = new MemoryStream();
        for (int y = 0; y < height; y++)
        {
            raw.WriteByte(0);
            for (int x = 0; x < width; x++) raw.Write(pixel(x, y).AsSpan(0, channels));
        }

        return Png(width, height, 8, (byte)(channels switch { 1 => 0, 2 => 4, 3 => 2, _ => 6 }), raw.ToArray());
    }

    /// <summary>PNG of any depth and type of colour.</summary>
    /// <param name="raw">Rows, each behind its filter's number.</param>
    /// <param name="chunks">Chunks before the pixels.</param>
    public static byte[] Png(int width, int height, byte depth, byte colourType, byte[] raw, params ReadOnlySpan<byte> chunks)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(raw);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = depth;
        header[9] = colourType;
        byte[] signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];
        return [.. signature, .. Chunk("IHDR", header), .. chunks, .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>GIF of one pixel for each picture, black (0) or of the colour (1).</summary>
    public static byte[] Gif(byte red, byte green, byte blue, params ReadOnlySpan<byte> pictures)
    {
        byte[] file = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, red, green, blue];
        foreach (byte index in pictures)
        {
            // Codes of three bits: clear, the colour, the end.
            byte code = (byte)(0x44 | (index << 3));
            file = [.. file, 0x21, 0xF9, 4, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, code, 1, 0];
        }

        return [.. file, 0x3B];
    }

    /// <summary>24-bit BMP of one colour.</summary>
    public static byte[] Bmp(int size, byte red, byte green, byte blue)
    {
        int stride = ((size * 3) + 3) / 4 * 4;
        byte[] file = new byte[54 + (stride * size)];
        file[0] = (byte)'B';
        file[1] = (byte)'M';
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), size);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), size);
        file[26] = 1;
        file[28] = 24;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++) ((ReadOnlySpan<byte>)[blue, green, red]).CopyTo(file.AsSpan(54 + (y * stride) + (3 * x)));
        }

        return file;
    }

    /// <summary>Baseline JPEG, 8×8, grey 128 + 1: one block whose DC coefficient is 1 × quantiser 8.</summary>
    public static byte[] GreyJpeg()
    {
        byte[] quantisers = new byte[64];
        Array.Fill(quantisers, (byte)8);
        // DC symbols: category 1, code 0. AC symbols: end of block, code 0. Bits: 0 (category 1), 1 (+1), 0 (end of block), padded with
        // ones.
        byte[] oneCode = [1, .. new byte[15]];
        return
        [
            0xFF, 0xD8,
            0xFF, 0xDB, 0, 67, 0, .. quantisers,
            0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, 20, 0x00, .. oneCode, 1,
            0xFF, 0xC4, 0, 20, 0x10, .. oneCode, 0,
            0xFF, 0xDA, 0, 8, 1, 1, 0x00, 0, 63, 0,
            0b0101_1111,
            0xFF, 0xD9,
        ];
    }

    /// <summary>A chunk of a PNG file.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(type), .. data];
        byte[] length = new byte[4], crc = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32.HashToUInt32(content));
        return [.. length, .. content, .. crc];
    }
}
