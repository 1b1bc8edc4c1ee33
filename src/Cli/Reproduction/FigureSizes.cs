using System.Collections.Immutable;

namespace LoptCluster.Cli.Reproduction;

/// <summary>Numbers that decide what the figures cost.</summary>
internal sealed record FigureSizes
{
    /// <summary>Seeds of each random experiment.</summary>
    public required int Seeds { get; init; }

    /// <summary>Values of a hyper-parameter along the horizontal axis of Fig. 2c and 9c.</summary>
    public required int SweepPoints { get; init; }

    /// <summary>Learning rates of Fig. 2d.</summary>
    public required int Trajectories { get; init; }

    /// <summary>Points of the slice of Fig. 2e.</summary>
    public required int SlicePoints { get; init; }

    /// <summary>Points along each axis of the planes of Fig. 2f.</summary>
    public required int PlanePoints { get; init; }

    /// <summary>Inner-steps of a whole inner-training in Fig. 3 and 18.</summary>
    public required int InnerSteps { get; init; }

    /// <summary>Truncation lengths of Fig. 3a and b and of Fig. 18, in inner-steps; the last is the whole inner-training.</summary>
    public required ImmutableArray<int> Truncations { get; init; }

    /// <summary>Inner-trainings that each experiment of Fig. 3a and b and of Fig. 18 does in turn.</summary>
    public required int InnerTrainings { get; init; }

    /// <summary>Truncations of an inner-training in Fig. 3c.</summary>
    public required int GradientTruncations { get; init; }

    /// <summary>Inner-trainings of each seed in Fig. 3c, and at each fixed learning rate of Fig. 3b.</summary>
    public required int MeasuredTrainings { get; init; }

    /// <summary>Numbers of the figures of trained θ.</summary>
    public required TrainedSizes Trained { get; init; }

    /// <summary>Measured rounds of the table of App. G.</summary>
    public required int SpeedRounds { get; init; }

    public static FigureSizes Of(ReproductionScale scale) => scale switch
    {
        ReproductionScale.Small => new()
        {
            Seeds = 3,
            SweepPoints = 500,
            Trajectories = 40,
            SlicePoints = 121,
            PlanePoints = 25,
            InnerSteps = 4000,
            Truncations = [5, 20, 200, 4000],
            InnerTrainings = 20,
            GradientTruncations = 50,
            MeasuredTrainings = 4,
            Trained = TrainedSizes.Of(scale),
            SpeedRounds = 101,
        },
        ReproductionScale.Paper => new()
        {
            Seeds = 5,
            SweepPoints = 2000,
            Trajectories = 100,
            SlicePoints = 1001,
            PlanePoints = 201,
            InnerSteps = 10_000,
            Truncations = [10, 100, 1000, 10_000],
            InnerTrainings = 200,
            GradientTruncations = 100,
            MeasuredTrainings = 20,
            Trained = TrainedSizes.Of(scale),
            SpeedRounds = 501,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale is unknown."),
    };
}
