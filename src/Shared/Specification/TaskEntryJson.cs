using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoptCluster.Shared.Specification;

/// <summary>A task of a mixture in JSON: the same table as in a preset file.</summary>
internal sealed class TaskEntryJson : JsonConverter<TaskEntry>
{
    public override TaskEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TaskEntryReader.ReadAll((object[])[Raw(JsonElement.ParseValue(ref reader))], mistake => throw new JsonException(mistake))[0];

    public override void Write(Utf8JsonWriter writer, TaskEntry value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Raw);

    private static object Raw(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(member => member.Name, member => Raw(member.Value)),
        JsonValueKind.Array => (IReadOnlyList<object>)[.. element.EnumerateArray().Select(Raw)],
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
        JsonValueKind.Number when element.TryGetInt64(out long whole) => whole,
        JsonValueKind.Number => element.GetDouble(),
        _ => throw new JsonException("A value of a task is null."),
    };
}
