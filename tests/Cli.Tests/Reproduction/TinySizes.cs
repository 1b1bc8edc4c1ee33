using LoptCluster.Cli.Reproduction;

namespace LoptCluster.Cli.Tests.Reproduction;

/// <summary>Sizes at which every figure is made in a moment.</summary>
internal static class TinySizes
{
    public static FigureSizes Value { get; } = new()
    {
        Seeds = 2,
        SweepPoints = 20,
        Trajectories = 3,
        SlicePoints = 5,
        PlanePoints = 3,
        InnerSteps = 20,
        Truncations = [5, 20],
        InnerTrainings = 3,
        GradientTruncations = 4,
        MeasuredTrainings = 2,
        SpeedRounds = 2,
    };
}
