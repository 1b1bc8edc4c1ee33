using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>The beginning of a safetensors file: 8 bytes of length, little-endian, and a JSON header of that length.</summary>
internal static class SafetensorsHeader
{
    /// <summary>Name of the entry that is no tensor, but texts by name.</summary>
    public const string Metadata = "__metadata__";

    private const int Alignment = 8;

    /// <summary>The entry of a tensor.</summary>
    /// <param name="type">F32, F64, I32, …</param>
    /// <param name="shape">Shape, row-major.</param>
    /// <param name="from">Offset of its first byte after the header.</param>
    /// <param name="to">Offset past its last byte.</param>
    public static JsonObject Entry(string type, IEnumerable<long> shape, long from, long to) => new()
    {
        ["dtype"] = type,
        ["shape"] = new JsonArray([.. shape.Select(s => (JsonNode)s)]),
        ["data_offsets"] = new JsonArray(from, to),
    };

    /// <summary>Length and header, padded with spaces to whole 8 bytes, so that the data is aligned.</summary>
    public static byte[] ToBytes(JsonObject header)
    {
        byte[] json = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] bytes = new byte[sizeof(long) + ((json.Length + Alignment - 1) / Alignment * Alignment)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - sizeof(long));
        bytes.AsSpan(sizeof(long)).Fill((byte)' ');
        json.CopyTo(bytes, sizeof(long));
        return bytes;
    }
}
