using System.Collections.Immutable;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Trials;

/// <summary>A θ that ships with the program, tried beside tuned Adam on tasks of a user.</summary>
/// <param name="Theta">The θ.</param>
/// <param name="Tasks">Specification of the tasks: what the θ was trained on, but the user's images and values.</param>
/// <param name="Images">Description of the images.</param>
/// <param name="Mean">By task: by how much the mean loss of θ is below Adam's, as a share of that.</param>
/// <param name="Final">The same for the loss at the end.</param>
internal sealed record ThetaTrial(
    ShippedTheta Theta, RunSpecification Tasks, string Images, ImmutableArray<double> Mean, ImmutableArray<double> Final)
{
    /// <summary>Share of the tasks that make a winner: with few of them, "all but one of six".</summary>
    private const double Most = 0.8;

    public string Name => ThetaCatalog.Prefix + Theta.Name;

    /// <summary>Share of the tasks on which the mean loss is lower than Adam's.</summary>
    public double ShareWon => Won(Mean);

    public double ShareWonFinal => Won(Final);

    /// <summary>On the median task.</summary>
    public double Improvement => Quartiles.Of(Mean).Median;

    public double ImprovementFinal => Quartiles.Of(Final).Median;

    /// <summary>Lower mean loss than tuned Adam on most tasks.</summary>
    public bool Wins => ShareWon >= Most && Improvement > 0;

    private static double Won(ImmutableArray<double> improvements) => improvements.Count(i => i > 0) / (double)improvements.Length;
}
