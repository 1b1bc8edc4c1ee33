using System.Collections.Immutable;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Pathologies;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>SGD + momentum on the polynomial with two minima (§2.3). The paper gives no learning rate.</summary>
internal static class ToyMomentum
{
    public const double LearningRate = 0.01;

    /// <summary>Inner-steps of the longest inner-training that is shown.</summary>
    public const int MostSteps = 200;

    public static ImmutableArray<double> Momenta { get; } = [0, 0.5, 0.75, 0.85, 0.9, 0.95, 0.98];

    public static IOuterTrainableFamily Family => OptimizerFamilies.Momentum;

    public static float[] Theta(double momentum) => Family.Theta.Point(("learningRate", LearningRate), ("momentum", momentum));

    public static OuterLandscape Landscape() => OuterLandscape.OfTwoMinima(Family);
}
