using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>The baselines of a comparison as JSON, whole: settings keep their bits.</summary>
public static class BaselineJson
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Serialize(IEnumerable<Baseline> baselines) => JsonSerializer.Serialize(
        baselines.Select(b => new Written(
            b.Name, b.Title, b.Family.Name, b.Ruleset, [.. b.Settings], b.Search,
            b.TrainedWith is { } trained ? SpecificationJson.Serialize(trained) : null)),
        Json);

    /// <exception cref="UserErrorException">The text was written by a release that knows other optimizers.</exception>
    public static ImmutableArray<Baseline> Deserialize(string json)
    {
        try
        {
            return [.. JsonSerializer.Deserialize<Written[]>(json, Json)!.Select(Of)];
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"The baselines of the comparison cannot be read: {e.Message}", e);
        }
    }

    private static Baseline Of(Written b) => new(
        b.Name,
        b.Title,
        OptimizerFamilies.Find(b.Family) ?? throw new UserErrorException(
            $"The comparison has the baseline '{b.Name}' of the optimizer '{b.Family}', which this release does not know. Use the release "
                + "that began the comparison."),
        b.Ruleset,
        [.. b.Settings])
    {
        Search = b.Search,
        TrainedWith = b.TrainedWith is { } trained ? SpecificationJson.Deserialize(trained) : null,
    };

    private sealed record Written(
        string Name, string Title, string Family, Ruleset Ruleset, float[][] Settings, SearchRecord? Search, string? TrainedWith);
}
