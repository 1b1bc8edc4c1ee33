using System.Text.Json.Nodes;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Evaluation.Judgement;

namespace LoptCluster.Cli.Report;

/// <summary>Numbers of summary.json; one that does not exist is null.</summary>
internal static class SummaryNumbers
{
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>Median and quartiles over tasks.</summary>
    public static JsonObject Spread(IEnumerable<double> values)
    {
        var q = Quartiles.Of(values);
        return new JsonObject { ["lowerQuartile"] = Number(q.Lower), ["median"] = Number(q.Median), ["upperQuartile"] = Number(q.Upper) };
    }

    /// <summary>An interquartile mean with its interval.</summary>
    public static JsonObject Interval(Estimate estimate) => new()
    {
        ["interquartileMean"] = Number(estimate.Value),
        ["lower95"] = Number(estimate.Lower),
        ["upper95"] = Number(estimate.Upper),
    };
}
