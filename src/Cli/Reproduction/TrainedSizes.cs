using System.Collections.Immutable;

namespace LoptCluster.Cli.Reproduction;

/// <summary>Numbers that decide what the figures of trained θ cost.</summary>
internal sealed record TrainedSizes
{
    /// <summary>Whether θ is trained synchronously: a second run gives the same θ, bit for bit.</summary>
    public bool Synchronous { get; init; }

    /// <summary>Preset of the learned optimizers that Fig. 5 to 7, 10 to 16 and 20 show.</summary>
    public required string Preset { get; init; }

    /// <summary>Values in which their runs differ from the preset.</summary>
    public required ImmutableArray<string> Values { get; init; }

    /// <summary>Preset of the ablations (Fig. 4, 8, 17): one with truncations so long that g_rp explodes.</summary>
    public required string AblationPreset { get; init; }

    /// <summary>Values in which the ablations' runs differ from their preset.</summary>
    public required ImmutableArray<string> AblationValues { get; init; }

    /// <summary>Fixed truncation lengths of the ablations, in inner-steps.</summary>
    public required ImmutableArray<int> FixedTruncations { get; init; }

    /// <summary>Values that make the tasks of Fig. 19, convnets with batch normalization, of <see cref="Preset"/>.</summary>
    public required ImmutableArray<string> BatchNormValues { get; init; }

    /// <summary>Seeds of Fig. 19.</summary>
    public required int BatchNormSeeds { get; init; }

    /// <summary>Configurations of the random search over Adam's eight hyper-parameters.</summary>
    public required int Configurations { get; init; }

    /// <summary>Outer-train tasks that each configuration is tried on.</summary>
    public required int SearchTasks { get; init; }

    /// <summary>Held-out tasks of Fig. 6.</summary>
    public required int HeldOutTasks { get; init; }

    /// <summary>Tasks whose curves are shown one by one in Fig. 10, 11 and 20.</summary>
    public required int ShownTasks { get; init; }

    /// <summary>Tasks of each problem of another kind (Fig. 7, 12 to 16).</summary>
    public required int TransferTasks { get; init; }

    /// <summary>Factor of the paper's numbers of units and channels in those problems.</summary>
    public required double TransferWidth { get; init; }

    /// <summary>
    /// Approximate time of an inner-step of <see cref="Preset"/> on one core, with its share of everything else, for estimates.
    /// </summary>
    public required double SecondsPerInnerStep { get; init; }

    public static TrainedSizes Of(ReproductionScale scale) => scale switch
    {
        ReproductionScale.Small => new()
        {
            Preset = "quickstart",
            Values = ["evaluateEveryUpdates=20", "evaluationTasks=16", "comparisonTasks=1"],
            AblationPreset = "pathology",
            AblationValues =
                ["outerUpdates=60", "truncationRampUpdates=42", "evaluateEveryUpdates=6", "evaluationTasks=10", "comparisonTasks=1"],
            FixedTruncations = [10, 100, 1000],
            BatchNormValues =
            [
                "innerProblem=convnet", "batchNorm=true", "convChannels=8", "imageSize=10", "imageChannels=3", "minibatchSize=16",
                "innerSteps=300", "truncationLast=120", "outerUpdates=120", "truncationRampUpdates=84", "evaluateEveryUpdates=20",
                "evaluationTasks=8", "comparisonTasks=1",
            ],
            BatchNormSeeds = 5,
            Configurations = 200,
            SearchTasks = 8,
            HeldOutTasks = 40,
            ShownTasks = 6,
            TransferTasks = 4,
            TransferWidth = 0.25,
            SecondsPerInnerStep = 5e-5,
        },
        ReproductionScale.Paper => new()
        {
            Preset = "paper",
            Values = ["comparisonTasks=1"],
            AblationPreset = "paper",
            AblationValues = ["comparisonTasks=1"],
            FixedTruncations = [10, 100, 1000],
            BatchNormValues = ["batchNorm=true", "comparisonTasks=1"],
            BatchNormSeeds = 5,
            Configurations = 2000,
            SearchTasks = 80,
            HeldOutTasks = 100,
            ShownTasks = 12,
            TransferTasks = 5,
            TransferWidth = 1,
            SecondsPerInnerStep = 8e-3,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale is unknown."),
    };
}
