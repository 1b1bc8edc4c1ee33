using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>θ against tuned baselines on held-out tasks (§4.4, Fig. 6).</summary>
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
