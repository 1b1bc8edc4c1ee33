using System.Text.Json;

namespace LoptCluster.Engine.Verification;

/// <summary>Reads the JSON of golden cases, in which NaN, Infinity and -Infinity may stand for a number, as Python writes them.</summary>
internal static class GoldenJson
{
    /// <summary>The document, with null in place of each number that is not finite.</summary>
    /// <exception cref="JsonException">The text is not JSON in another way.</exception>
    public static JsonDocument Parse(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return JsonDocument.Parse(WithoutNonFinite(copy.ToArray()));
    }

    private static byte[] WithoutNonFinite(ReadOnlySpan<byte> json)
    {
        var result = new MemoryStream(json.Length);
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            if (!inString && NonFiniteLength(json[i..]) is > 0 and int length)
            {
                result.Write("null"u8);
                i += length - 1;
                continue;
            }

            if (json[i] == (byte)'"') inString = !inString;
            result.WriteByte(json[i]);
            if (inString && json[i] == (byte)'\\' && i + 1 < json.Length) result.WriteByte(json[++i]);
        }

        return result.ToArray();
    }

    private static int NonFiniteLength(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("NaN"u8)) return "NaN"u8.Length;
        if (json.StartsWith("Infinity"u8)) return "Infinity"u8.Length;
        return json.StartsWith("-Infinity"u8) ? "-Infinity"u8.Length : 0;
    }
}
