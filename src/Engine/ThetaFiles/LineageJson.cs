using System.Text.Json.Nodes;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>The lineage of a θ as JSON, for cards, summaries and the page.</summary>
public static class LineageJson
{
    /// <summary>The θ that the run began from; null if it was an initial one.</summary>
    public static JsonObject? Origin(RunLineage? lineage) => lineage?.Origin is not { } origin ? null : new JsonObject
    {
        ["file"] = origin.File,
        ["sha256"] = origin.Sha256,
        ["thetaVersion"] = origin.Version,
        ["runId"] = origin.RunId.Length > 0 ? origin.RunId : null,
        ["preset"] = origin.RunName.Length > 0 ? origin.RunName : null,
    };

    /// <summary>The plans of a prolonged run, each with the version of θ from which it holds; empty if there are none.</summary>
    public static JsonArray Prolongations(RunLineage? lineage) => new([.. (lineage?.Plans.Prolongations ?? []).Select(p => new JsonObject
    {
        ["fromVersion"] = p.FromVersion,
        ["outerUpdates"] = p.OuterUpdates,
        ["truncationSteps"] = p.Truncation.First,
        ["truncationRampUpdates"] = p.Truncation.RampUpdates,
    })]);
}
