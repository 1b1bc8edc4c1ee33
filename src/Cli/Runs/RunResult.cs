using System.Collections.Immutable;
using System.Text.Json;
using LoptCluster.Coordinator.Run;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Runs;

/// <summary>What a finished run found, as its summary.json says. Losses are the mean over the horizon of the run's own objective.</summary>
/// <param name="Loss">θ's loss on held-out tasks, median over tasks, nats.</param>
/// <param name="ShareWon">Share of the tasks on which θ beats tuned Adam; NaN while θ has not been compared.</param>
/// <param name="Improvement">By how much θ is below tuned Adam, median over tasks, as a share of Adam's loss.</param>
/// <param name="Evaluations">Held-out loss along outer-training: seconds of training, outer-updates, loss.</param>
internal sealed record RunResult(
    long OuterUpdates,
    double TrainingSeconds,
    double Loss,
    double ShareWon,
    double Improvement,
    ImmutableArray<(double Seconds, long OuterUpdate, double Loss)> Evaluations)
{
    /// <summary>The result in a run folder; null if the run is not finished.</summary>
    /// <exception cref="UserErrorException">The summary is not readable.</exception>
    public static RunResult? Read(RunFolder folder)
    {
        if (!File.Exists(folder.Summary)) return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(folder.Summary));
            return Of(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new UserErrorException($"'{folder.Summary}' is not the summary of a run: {e.Message}", e);
        }
    }

    /// <summary>
    /// What the run's own evaluations say while there is no summary: losses are means over the fixed held-out tasks, at the best version.
    /// </summary>
    public static RunResult Of(RecordedRun recorded) => new(
        recorded.OuterUpdate,
        recorded.Seconds,
        recorded.HeldOutLoss,
        double.NaN,
        1 - (recorded.HeldOutLoss / recorded.AdamLoss),
        recorded.Evaluations);

    private static RunResult Of(JsonElement summary)
    {
        var comparison = summary.GetProperty("comparison");
        var adam = comparison.GetProperty("against").GetProperty("adam");
        string loss = summary.GetProperty("objective").GetString() + "Mean";
        var learned = comparison.GetProperty("losses").GetProperty("learned").GetProperty(loss);
        var evaluations = ImmutableArray.CreateBuilder<(double, long, double)>();
        if (summary.TryGetProperty("evaluations", out var rows) && rows.ValueKind == JsonValueKind.Array)
        {
            foreach (var row in rows.EnumerateArray())
                evaluations.Add((Number(row, "seconds"), row.GetProperty("outerUpdate").GetInt64(), Number(row, "outerTest")));
        }

        return new RunResult(
            (long)Number(summary, "outerUpdates"),
            Number(summary, "trainingSeconds"),
            Number(learned, "median"),
            Number(adam, "shareWon"),
            Number(adam, "medianImprovement"),
            evaluations.ToImmutable());
    }

    private static double Number(JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;
}
