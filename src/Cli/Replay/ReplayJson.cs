using System.Text.Json.Nodes;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Cli.Replay;

/// <summary>A replay as JSON: the finding, and every update with the figures of both.</summary>
internal static class ReplayJson
{
    public static string Compose(ReplayResult result)
    {
        var changes = new JsonObject();
        foreach (var change in result.Changes) changes[change.Key.Name] = new JsonArray(change.First, change.Second);
        return new JsonObject
        {
            ["run"] = result.Run.RunId,
            ["whatIf"] = changes,
            ["identical"] = result.IsWhatIf ? null : JsonValue.Create(result.Difference is null),
            ["difference"] = result.Difference,
            ["firstVersion"] = result.Run.FirstVersion,
            ["outerUpdates"] = result.Points.Count,
            ["samples"] = result.Samples,
            ["samplesUnrolledAgain"] = result.Recomputed,
            ["seconds"] = result.Seconds,
            ["thetaSha256"] = Convert.ToHexStringLower(result.Theta.Checksum()),
            ["updates"] = new JsonArray([.. result.Points.Select(Point)]),
        }.ToJsonString();
    }

    private static JsonNode Point(ReplayedPoint point) => new JsonObject
    {
        ["outerUpdate"] = point.OuterUpdate,
        ["samples"] = point.Samples,
        ["distance"] = new JsonObject
        {
            ["run"] = Number(point.RunDistance),
            ["replay"] = Number(point.ReplayDistance),
            ["apart"] = Number(point.Apart),
        },
        ["run"] = Figures(point.Run),
        ["replay"] = Figures(point.Replay.Recorded()),
    };

    private static JsonObject Figures(UpdateFigures figures) =>
        new(figures.Values.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)Number(f.Value))));

    /// <summary>JSON has no infinity.</summary>
    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
