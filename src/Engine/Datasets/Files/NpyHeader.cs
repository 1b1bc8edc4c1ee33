using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Header of a numpy array file (NEP 1, versions 1 to 3): type, order and shape. The elements follow it.</summary>
/// <param name="Type">numpy's type descriptor: "|u1", "&lt;i8".</param>
internal sealed partial record NpyHeader(string Type, int[] Shape)
{
    private const int MaxLength = 1 << 16;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Bytes of an element of an integer type that <see cref="ReadInteger"/> supports; 0 for other types.</summary>
    public int IntegerBytes => Type switch
    {
        "|u1" or "|i1" => 1,
        "<u2" or "<i2" => 2,
        "<u4" or "<i4" => 4,
        "<u8" or "<i8" => 8,
        _ => 0,
    };

    public static NpyHeader Read(DatasetFile file)
    {
        Span<byte> start = stackalloc byte[8];
        file.Read(start, "the start of a numpy array");
        if (!start.StartsWith(Magic)) throw file.Error(0, "a numpy array (\\x93NUMPY)", Convert.ToHexStringLower(start[..6]));
        if (start[6] is < 1 or > 3) throw file.Error(6, "format version 1 to 3", $"{start[6]}");
        byte[] lengthBytes = new byte[start[6] == 1 ? 2 : 4];
        file.Read(lengthBytes, "the length of the header");
        long length = lengthBytes.Length == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > MaxLength) throw file.Error(8, $"a header of at most {MaxLength} bytes", $"{length}");
        long offset = file.Position;
        byte[] text = new byte[length];
        file.Read(text, "the header");
        return Parse(file, offset, Encoding.UTF8.GetString(text));
    }

    /// <summary>Element <paramref name="index"/> of raw little-endian data.</summary>
    public long ReadInteger(ReadOnlySpan<byte> data, int index) => Type switch
    {
        "|u1" => data[index],
        "|i1" => (sbyte)data[index],
        "<u2" => BinaryPrimitives.ReadUInt16LittleEndian(data[(index * 2)..]),
        "<i2" => BinaryPrimitives.ReadInt16LittleEndian(data[(index * 2)..]),
        "<u4" => BinaryPrimitives.ReadUInt32LittleEndian(data[(index * 4)..]),
        "<i4" => BinaryPrimitives.ReadInt32LittleEndian(data[(index * 4)..]),
        _ => BinaryPrimitives.ReadInt64LittleEndian(data[(index * 8)..]),
    };

    private static NpyHeader Parse(DatasetFile file, long offset, string text)
    {
        var type = TypePattern().Match(text);
        var order = OrderPattern().Match(text);
        var shape = ShapePattern().Match(text);
        if (!type.Success || !order.Success || !shape.Success)
            throw file.Error(offset, "a header with descr, fortran_order and shape", $"'{text.ReplaceLineEndings(" ").Trim()}'");
        if (order.Groups[1].Value == "True") throw file.Error(offset, "row after row (fortran_order False)", "fortran_order True");
        string[] numbers = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] lengths = new int[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out lengths[i]))
                throw file.Error(offset, "a shape of whole numbers below 2³¹", $"({shape.Groups[1].Value})");
        }

        return new(type.Groups[1].Value, lengths);
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]*)['"]""")]
    private static partial Regex TypePattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""")]
    private static partial Regex ShapePattern();
}
