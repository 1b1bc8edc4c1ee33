using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using Spectre.Console;

namespace LoptCluster.Cli.Replay;

/// <summary>A replay in words and a table.</summary>
internal static class ReplayText
{
    private const int Rows = 12;

    public static void Write(ReplayResult result, CliEnvironment environment)
    {
        if (result.IsWhatIf) environment.Console.Write(Table(result, environment.Console.Profile.Width));
        environment.WriteText(Finding(result));
    }

    public static string Finding(ReplayResult result)
    {
        string took = $"{DisplayFormat.Plural(result.Samples, "sample")}, {DisplayFormat.Count(result.Recomputed)} of them unrolled again, "
            + $"in {DisplayFormat.Duration(TimeSpan.FromSeconds(result.Seconds))}";
        if (result.Difference is { } difference) return difference;
        if (result.Points.Count == 0) return $"There is nothing to replay: version {result.Run.FirstVersion} of θ is the newest.";
        var (first, last) = (result.Points[0], result.Points[^1]);
        if (!result.IsWhatIf)
            return $"Every θ of outer-updates {first.OuterUpdate} to {last.OuterUpdate} has the bits of the run's ({took}).";
        return $"What if {Changes(result)}: after {DisplayFormat.Plural(last.OuterUpdate, "outer-update")} θ is "
            + $"{DisplayFormat.Number(last.Apart)} away from the run's ({took}). The samples are the run's, measured at its θ; 'lopt "
            + "evaluate' judges the other θ (-o writes it).";
    }

    /// <summary>"gradientClip had been 0 instead of 0.1".</summary>
    public static string Changes(ReplayResult result) =>
        string.Join(" and ", result.Changes.Select(c => $"{c.Key.Name} had been {c.Second} instead of {c.First}"));

    private static Table Table(ReplayResult result, int width)
    {
        var weighed = EstimatorRegistry.Find(result.Run.Specification.Estimator).Weighed;
        (string Title, int Rank)[] columns =
        [
            ("outer-update", 0), ("samples", 4), ("outer-loss", 2), ("from start: run", 1), ("what if", 1), ("apart", 0),
            ("gradient: run", 3), ("what if", 3),
            .. weighed is { } e ? [($"{e.ShortName} weight: run", 5), ("what if", 5)] : ((string, int)[])[],
        ];
        return FittedTable.Compose(
            [.. columns.Select(c => (c.Title, Justify.Right, c.Rank))], [.. Thinned(result.Points).Select(p => Row(p, weighed))], width);
    }

    private static string[] Row(ReplayedPoint p, EstimatorId? weighed)
    {
        double?[] weights = weighed is { } w ? [p.Run[UpdateFigureTable.Weight[w]], p.Replay[UpdateFigureTable.Weight[w]]] : [];
        double?[] numbers =
        [
            p.Replay[UpdateFigureTable.OuterLoss], p.RunDistance, p.ReplayDistance, p.Apart, p.Run[UpdateFigureTable.GradientNorm],
            p.Replay[UpdateFigureTable.GradientNorm],
        ];
        string[] counts = [DisplayFormat.Count(p.OuterUpdate), DisplayFormat.Count(p.Samples)];
        return [.. counts, .. numbers.Concat(weights).Select(DisplayFormat.Number)];
    }

    private static IEnumerable<ReplayedPoint> Thinned(IReadOnlyList<ReplayedPoint> points) => points.Count <= Rows
        ? points
        : Enumerable.Range(0, Rows).Select(i => points[(int)((long)i * (points.Count - 1) / (Rows - 1))]);
}
