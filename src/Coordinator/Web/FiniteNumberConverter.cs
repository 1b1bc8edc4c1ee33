using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoptCluster.Coordinator.Web;

/// <summary>Writes numbers with seven digits, enough for any plot, and null for numbers that JSON does not have.</summary>
internal sealed class FiniteNumberConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        if (!double.IsFinite(value)) writer.WriteNullValue();
        else if (value.TryFormat(text, out int written, "G7", CultureInfo.InvariantCulture))
            writer.WriteRawValue(text[..written], skipInputValidation: true);
        else writer.WriteNumberValue(value);
    }
}
