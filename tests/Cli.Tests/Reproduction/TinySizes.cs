using LoptCluster.Cli.Reproduction;

namespace LoptCluster.Cli.Tests.Reproduction;

/// <summary>Sizes at which every figure is made in a moment.</summary>
internal static class TinySizes
{
    private static readonly string[] Tasks =
        ["innerSteps=20", "minibatchSize=8", "trainImagesPerClass=20", "validImagesPerClass=10", "curveEverySteps=5"];

    private static readonly string[] Training =
    [
        "truncationFirst=5", "truncationLast=10", "truncationRampUpdates=2", "batchSamples=4", "outerUpdates=3",
        "evaluateEveryUpdates=1", "evaluationTasks=1", "comparisonTasks=1",
    ];

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
        Trained = new()
        {
            Preset = "quickstart",
            Values = [.. Tasks, .. Training],
            AblationPreset = "pathology",
            AblationValues = [.. Tasks, .. Training],
            FixedTruncations = [5],
            BatchNormValues = ["innerProblem=convnet", "convChannels=4", "convStrides=[2]", "batchNorm=true", .. Tasks, .. Training],
            BatchNormSeeds = 2,
            Configurations = 3,
            SearchTasks = 1,
            HeldOutTasks = 2,
            ShownTasks = 2,
            TransferTasks = 1,
            TransferWidth = 0.03,
            SecondsPerInnerStep = 1e-4,
        },
        SpeedRounds = 2,
    };
}
