using System.Text.Json;

namespace LoptCluster.Cli.Runs;

/// <summary>How a run was launched on this machine, so that <c>--resume</c> launches it the same way.</summary>
/// <remarks>It has no effect on what the run computes.</remarks>
internal sealed record LaunchRecord
{
    /// <summary>Full path of the folder of image files; null for procedural images.</summary>
    public string? Data { get; init; }

    /// <summary>Full path of the folder of event files; null: the run folder.</summary>
    public string? TensorBoard { get; init; }

    /// <summary>Full path of the θ file or run folder that the run began from, or theta:NAME; null: an initial θ.</summary>
    public string? From { get; init; }

    public int Workers { get; init; } = 1;

    /// <summary>Number of slots per worker.</summary>
    public int Slots { get; init; } = 1;

    private static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void Write(RunFolder folder) => File.WriteAllText(folder.Launch, JsonSerializer.Serialize(this, Options) + "\n");

    /// <summary>The record in a folder; null if it is missing or unreadable, and the defaults apply.</summary>
    public static LaunchRecord? Read(RunFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<LaunchRecord>(File.ReadAllText(folder.Launch), Options);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
