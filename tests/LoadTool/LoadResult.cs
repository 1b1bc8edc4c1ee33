using System.Globalization;
using System.Text.Json;

namespace LoptCluster.LoadTool;

/// <summary>What was measured. Times in milliseconds, memory in megabytes (10⁶ bytes), processor time in seconds.</summary>
internal sealed record LoadResult
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required int Streams { get; init; }

    public required int Connections { get; init; }

    public required int Slots { get; init; }

    public required double SecondsToJoin { get; init; }

    public required double Seconds { get; init; }

    public required long Samples { get; init; }

    public required double SamplesPerSecond { get; init; }

    /// <summary>Samples that were answered, but not accepted.</summary>
    public required long Others { get; init; }

    /// <summary>The first refusal; null: there was none.</summary>
    public required string? Refusal { get; init; }

    public required double UpdatesPerSecond { get; init; }

    public required Percentiles Acknowledgement { get; init; }

    /// <summary>From the first arrival of a version of θ anywhere until a stream has it or a newer one.</summary>
    public required Percentiles Theta { get; init; }

    public required double CoordinatorMegabytes { get; init; }

    public required double CoordinatorPeakMegabytes { get; init; }

    public required double CoordinatorProcessorSeconds { get; init; }

    public required double ToolProcessorSeconds { get; init; }

    public required int StreamsLost { get; init; }

    public double CoordinatorMicrosecondsPerSample => 1e6 * CoordinatorProcessorSeconds / Math.Max(1, Samples);

    public string Json() => JsonSerializer.Serialize(this, Indented);

    public string Text()
    {
        string others = Refusal is null ? "" : $": {Refusal}";
        var culture = CultureInfo.InvariantCulture;
        return string.Join('\n',
            string.Create(culture, $"{Streams} streams over {Connections} connections, {Slots} slots each, joined in {SecondsToJoin:F1} s"),
            string.Create(culture, $"{SamplesPerSecond,10:N0} durable samples/s: {Samples:N0} in {Seconds:F1} s"),
            string.Create(culture, $"{UpdatesPerSecond,10:N1} outer-updates/s"),
            string.Create(culture, $"{Others,10:N0} answers of another kind, {StreamsLost} streams lost{others}"),
            $"acknowledgement: {Acknowledgement}",
            $"θ everywhere:    {Theta}",
            string.Create(
                culture,
                $"coordinator:     {CoordinatorMegabytes:F0} MB, {CoordinatorPeakMegabytes:F0} MB at most; "
                + $"{CoordinatorProcessorSeconds / Seconds:F2} cores, {CoordinatorMicrosecondsPerSample:F1} µs a sample"),
            string.Create(culture, $"this tool:       {ToolProcessorSeconds / Seconds:F2} cores"));
    }
}
