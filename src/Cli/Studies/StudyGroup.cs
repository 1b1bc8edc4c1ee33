using LoptCluster.Cli.Runs;
using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Studies;

/// <summary>Runs that differ in their seed alone.</summary>
/// <param name="Name">The point that they share.</param>
/// <param name="Results">A result for each.</param>
internal sealed record StudyGroup(string Name, IReadOnlyList<RunResult> Results)
{
    /// <summary>Points of a curve over training time.</summary>
    private const int CurvePoints = 120;

    public Quartiles Loss => Quartiles.Of(Results.Select(r => r.Loss));

    public Quartiles Improvement => Quartiles.Of(Results.Select(r => r.Improvement));

    public Quartiles TrainingSeconds => Quartiles.Of(Results.Select(r => r.TrainingSeconds));

    public Quartiles OuterUpdates => Quartiles.Of(Results.Select(r => (double)r.OuterUpdates));

    /// <summary>The finished runs, grouped.</summary>
    public static IReadOnlyList<StudyGroup> Of(IEnumerable<StudyEntry> entries) => Of(entries.Select(e => (e.Run.Group, e.Result)));

    public static IReadOnlyList<StudyGroup> Of(IEnumerable<(string Group, RunResult? Result)> results) =>
    [
        .. results.Where(e => e.Result is not null).GroupBy(e => e.Group, e => e.Result!)
            .Select(g => new StudyGroup(g.Key, [.. g])),
    ];

    /// <summary>
    /// Held-out loss against seconds of outer-training: quartiles over the runs, of the newest evaluation of each, from the time when all
    /// have one.
    /// </summary>
    public IEnumerable<(double Seconds, Quartiles Loss)> Curve()
    {
        var evaluated = Results.Where(r => r.Evaluations.Length > 0).ToList();
        if (evaluated.Count == 0) yield break;
        double from = evaluated.Max(r => r.Evaluations[0].Seconds), to = evaluated.Max(r => r.Evaluations[^1].Seconds);
        for (int i = 0; i <= CurvePoints; i++)
        {
            double seconds = from + ((to - from) * i / CurvePoints);
            yield return (seconds, Quartiles.Of(evaluated.Select(r => r.Evaluations.Last(e => e.Seconds <= seconds).Loss)));
        }
    }
}
