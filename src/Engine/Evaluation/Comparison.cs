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
        });

    public ComparisonAgainst Against(string baseline)
    {
        var other = Baselines.Single(b => b.Name == baseline);
        double[] improvements = Improvements(Mean);
        return new ComparisonAgainst(
            Learned.Losses.Zip(other.Losses, (l, b) => Mean(l) < Mean(b) ? 1.0 : 0).Average(),
            Quartiles.Of(improvements).Median,
            Learned.Losses.Zip(other.Losses, (l, b) => Final(l) < Final(b) ? 1.0 : 0).Average(),
            Quartiles.Of(Improvements(Final)).Median,
            improvements);

        double[] Improvements(Func<InnerTrainingLosses, double> loss) =>
            [.. Learned.Losses.Zip(other.Losses, (l, b) => (loss(b) - loss(l)) / loss(b))];
    }

    /// <summary>Mean loss of the run's objective.</summary>
    public double Mean(InnerTrainingLosses losses) => Objective == OuterObjective.Valid ? losses.ValidMean : losses.TrainMean;

    /// <summary>Final loss of the run's objective.</summary>
    public double Final(InnerTrainingLosses losses) => Objective == OuterObjective.Valid ? losses.ValidFinal : losses.TrainFinal;
}
