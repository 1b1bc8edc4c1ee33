using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Screen;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Cli.Fleet;

/// <summary>
/// A status as one line of JSON: camelCase names as in the protocol, the figures of the last outer-update among them,
/// times in seconds, null for unknown values.
/// </summary>
internal static class StatusJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new Seconds() },
    };

    public static string Of(ScreenRun view)
    {
        var status = JsonSerializer.SerializeToNode(view, Options)!.AsObject();
        foreach (var figure in UpdateFigureTable.All.Where(f => f.InHistory))
            status[FigureNames.CamelCase(figure)] = JsonSerializer.SerializeToNode(view[figure], Options);
        return status.ToJsonString(Options);
    }

    private sealed class Seconds : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.TotalSeconds);
    }
}
