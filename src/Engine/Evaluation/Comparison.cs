using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>θ against tuned baselines on held-out tasks (§4.4, Fig. 6).</summary>
public sealed record Comparison(
    OuterObjective Objective,
    int Tasks,
    CurveIntervals Curve,
    ComparedOptimizer Learned,
    IReadOnlyList<ComparedOptimizer> Baselines)
{
    /// <summary>By task: name of the mixture's task; empty in a run without a mixture.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>By task: inner-steps T of its horizon.</summary>
    public IReadOnlyList<int> InnerSteps { get; init; } = [];

    /// <summary>The comparison on the tasks of each kind of a mixture, in the order of their names, without curves.</summary>
    public IEnumerable<(string Kind, Comparison Comparison)> ByKind() =>
        from kind in Kinds.Distinct().Order(StringComparer.Ordinal)
        let tasks = Enumerable.Range(0, Tasks).Where(task => Kinds[task] == kind).ToArray()
        select (kind, this with
        {
            Tasks = tasks.Length,
            Learned = Learned.On(tasks),
            Baselines = [.. Baselines.Select(baseline => baseline.On(tasks))],
            Kinds = [],
            InnerSteps = InnerSteps.Count == 0 ? [] : [.. tasks.Select(task => InnerSteps[task])],
        });

    /// <summary>The same for people: one kind alone would repeat the whole.</summary>
    public IEnumerable<(string Kind, Comparison Comparison)> BySeveralKinds() => Kinds.Distinct().Skip(1).Any() ? ByKind() : [];

    /// <summary>θ and the baselines of one ruleset, for each ruleset that has any: results under different rules are never mixed.</summary>
    public IEnumerable<(Ruleset Ruleset, Comparison Comparison)> ByRuleset() =>
        from ruleset in Enum.GetValues<Ruleset>()
        let baselines = Baselines.Where(baseline => baseline.Rules?.Ruleset == ruleset).ToArray()
        where baselines.Length > 0
        select (ruleset, this with { Baselines = baselines });

    /// <summary>The baseline that θ beats on the fewest tasks; of several, that with the least median improvement.</summary>
    public ComparedOptimizer Hardest() =>
        Baselines.OrderBy(b => Against(b.Name).ShareWon).ThenBy(b => Against(b.Name).MedianImprovement).First();

    /// <summary>θ against a baseline, on the run's objective.</summary>
    public ComparisonAgainst Against(string baseline) => Against(baseline, Objective);

    /// <summary>θ against a baseline, on either split.</summary>
    public ComparisonAgainst Against(string baseline, OuterObjective split)
    {
        var (mean, final) = (LossMeasure.Mean(split), LossMeasure.Final(split));
        double[] improvements = Improvements(baseline, mean);
        return new ComparisonAgainst(
            ShareWon(mean),
            Quartiles.Of(improvements).Median,
            ShareWon(final),
            Quartiles.Of(Improvements(baseline, final)).Median,
            improvements);

        double ShareWon(LossMeasure loss) => ByTask(baseline, loss, (l, b) => l < b ? 1.0 : 0).Average();
    }

    /// <summary>By task: (baseline − learned) / baseline.</summary>
    public double[] Improvements(string baseline, LossMeasure loss) => [.. ByTask(baseline, loss, (l, b) => (b - l) / b)];

    /// <summary>Mean loss of the run's objective.</summary>
    public double Mean(InnerTrainingLosses losses) => LossMeasure.Mean(Objective).Of(losses);

    /// <summary>Final loss of the run's objective.</summary>
    public double Final(InnerTrainingLosses losses) => LossMeasure.Final(Objective).Of(losses);

    private IEnumerable<double> ByTask(string baseline, LossMeasure loss, Func<double, double, double> compare) =>
        Learned.Losses.Zip(Baselines.Single(b => b.Name == baseline).Losses, (l, b) => compare(loss.Of(l), loss.Of(b)));
}
