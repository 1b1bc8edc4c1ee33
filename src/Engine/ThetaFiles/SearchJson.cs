using System.Text.Json.Nodes;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>The random search that a θ comes from, as JSON, for cards and summaries.</summary>
public static class SearchJson
{
    /// <summary>The search; null if θ comes from none.</summary>
    public static JsonObject? Compose(SearchRecord? search, ThetaLayout layout) => search is null ? null : new JsonObject
    {
        ["configurations"] = search.Configurations,
        ["tasks"] = search.Tasks,
        ["innerSteps"] = search.InnerSteps,
        ["seconds"] = search.Seconds,
        ["source"] = search.Source,
        ["best"] = new JsonArray([.. search.Best.Select(trial => (JsonNode)new JsonObject
        {
            ["configuration"] = trial.Number,
            ["loss"] = trial.Loss,
            ["hyperParameters"] = ThetaParts.HyperParameters(layout, trial.Theta),
            ["theta"] = new JsonArray([.. trial.Theta.Select(x => (JsonNode)x)]),
        })]),
    };

    /// <exception cref="InvalidOperationException">Something is missing, or of another kind.</exception>
    internal static SearchRecord? Read(JsonNode? search) => search is null ? null : new SearchRecord(
        Required(search, "configurations").GetValue<long>(),
        Required(search, "tasks").GetValue<int>(),
        Required(search, "innerSteps").GetValue<long>(),
        Required(search, "seconds").GetValue<double>(),
        Required(search, "source").GetValue<string>(),
        [.. Required(search, "best").AsArray().Select(trial => new SearchTrial(
            Required(trial, "configuration").GetValue<long>(),
            Required(trial, "loss").GetValue<double>(),
            [.. Required(trial, "theta").AsArray().Select(x => (x ?? throw Missing("theta")).GetValue<float>())]))]);

    private static JsonNode Required(JsonNode? node, string name) => node?[name] ?? throw Missing(name);

    private static InvalidOperationException Missing(string name) => new($"its search has no '{name}'");
}
