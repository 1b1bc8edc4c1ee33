using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Median and quartiles of a number over tasks.</summary>
public readonly record struct Quartiles(double Lower, double Median, double Upper)
{
    /// <summary>Computes the quartiles by linear interpolation between the sorted values.</summary>
    public static Quartiles Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        if (sorted.Length == 0) return new Quartiles(double.NaN, double.NaN, double.NaN);
        Array.Sort(sorted);
        return new Quartiles(At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
    }

    private static double At(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return below + 1 < sorted.Length ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}

/// <summary>Results of one optimizer on every task of a comparison.</summary>
/// <param name="Name">Name in files: "learned", or a baseline's name.</param>
/// <param name="Title">Display name in tables and plots.</param>
/// <param name="Losses">
/// Losses by task. For a baseline, each number is the best over the learning rates, chosen separately for each number.
/// </param>
/// <param name="TrainCurve">
/// Training losses by curve point; for a baseline, of the rate with the best mean of the run's objective on the task.
/// </param>
/// <param name="ValidCurve">Validation losses by curve point, of the same runs.</param>
/// <param name="LearningRates">Learning rate of the curve, by task; empty for θ.</param>
public sealed record ComparedOptimizer(
    string Name, string Title, InnerTrainingLosses[] Losses, Quartiles[] TrainCurve, Quartiles[] ValidCurve, double[] LearningRates);

/// <summary>Results of θ against one baseline, on the run's objective.</summary>
/// <param name="ShareWon">Share of tasks on which θ's mean loss is strictly lower.</param>
/// <param name="MedianImprovement">Median over tasks of (baseline − learned) / baseline, mean loss.</param>
/// <param name="ShareWonFinal">Share of tasks on which θ's final loss is strictly lower.</param>
/// <param name="Improvements">(baseline − learned) / baseline by task, mean loss.</param>
public sealed record ComparisonAgainst(double ShareWon, double MedianImprovement, double ShareWonFinal, double[] Improvements);

/// <summary>Comparison of θ with tuned baselines on held-out tasks (§4.4, Fig. 6).</summary>
public sealed record Comparison(
    OuterObjective Objective, int Tasks, int CurveEverySteps, ComparedOptimizer Learned, IReadOnlyList<ComparedOptimizer> Baselines)
{
    public ComparisonAgainst Against(string baseline)
    {
        var other = Baselines.Single(b => b.Name == baseline);
        double[] improvements = [.. Learned.Losses.Zip(other.Losses, (l, b) => (Mean(b) - Mean(l)) / Mean(b))];
        return new ComparisonAgainst(
            Learned.Losses.Zip(other.Losses, (l, b) => Mean(l) < Mean(b) ? 1.0 : 0).Average(),
            Quartiles.Of(improvements).Median,
            Learned.Losses.Zip(other.Losses, (l, b) => Final(l) < Final(b) ? 1.0 : 0).Average(),
            improvements);
    }

    /// <summary>Mean loss of the run's objective.</summary>
    public double Mean(InnerTrainingLosses losses) => Objective == OuterObjective.Valid ? losses.ValidMean : losses.TrainMean;

    /// <summary>Final loss of the run's objective.</summary>
    public double Final(InnerTrainingLosses losses) => Objective == OuterObjective.Valid ? losses.ValidFinal : losses.TrainFinal;
}
