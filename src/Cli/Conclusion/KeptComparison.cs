using System.Text.Json;
using System.Text.Json.Serialization;
using LoptCluster.Cli.Runs;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.ThetaFiles;

namespace LoptCluster.Cli.Conclusion;

/// <summary>The comparison of a run's θ, kept in the run folder so that its report can be written again without it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Version">Of the θ that was compared.</param>
/// <param name="EngineVersion">Engine that compared.</param>
/// <param name="Dataset">Description of the images.</param>
/// <param name="WallSeconds">Time from the start of the command that trained to the end of the comparison; null if unknown.</param>
/// <param name="Comparison">The result.</param>
internal sealed record KeptComparison(
    string RunId, long Version, string EngineVersion, string Dataset, double? WallSeconds, Comparison Comparison)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The kept comparison of a θ; null: there is none, or it is of another θ or engine, or cannot be read.</summary>
    public static KeptComparison? Find(RunFolder folder, ThetaFileContent theta)
    {
        try
        {
            var kept = JsonSerializer.Deserialize<KeptComparison>(File.ReadAllText(folder.Comparison), Json);
            return kept?.RunId == theta.RunId && kept.Version == theta.Theta.Version && kept.EngineVersion == Shared.EngineVersion.Current
                ? kept
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(RunFolder folder) => File.WriteAllText(folder.Comparison, JsonSerializer.Serialize(this, Json));
}
