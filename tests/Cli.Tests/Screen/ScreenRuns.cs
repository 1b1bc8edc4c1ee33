using System.Collections.Immutable;
using LoptCluster.Cli.Screen;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Tests.Screen;

/// <summary>Statuses for the screen's tests.</summary>
internal static class ScreenRuns
{
    /// <summary>A comparison, whose θ stays at version 0.</summary>
    public static ScreenRun Comparing => Running() with
    {
        OuterUpdate = 0,
        OuterUpdatesTotal = 0,
        EvaluationOuterTest = null,
        Comparison = new ScreenComparison(37, 100, 1300, 3400),
    };

    public static ScreenRun Running(int update = 830, double loss = 1.2034) => new()
    {
        RunId = "3f2a",
        Preset = "quickstart",
        State = RunState.Running,
        OuterUpdate = update,
        OuterUpdatesTotal = 1500,
        TruncationSteps = 118.4,
        OuterLossAverage = loss + 0.01,
        Figures = Figures(
            ("outer_loss", loss), ("weight_es", 0.183), ("rp_share", 0.266),
            ("variance_rp", 1.2e-9), ("variance_es", 4.5e-3), ("gradient_norm", 0.12), ("sample_age", 0.4)),
        SamplesPerSecond = 612,
        InnerStepsPerSecond = 182_345,
        SamplesAccepted = 13_280,
        SamplesRpInvalid = 3,
        Running = TimeSpan.FromSeconds(72),
        Left = TimeSpan.FromSeconds(65),
        Workers = [new ScreenWorker("trainer-4711-a1b2", 2, "connected", 16, 182_345, 13_280, TimeSpan.FromSeconds(0.2))],
        EvaluationOuterTrain = 1.098,
        EvaluationOuterTest = 1.106,
        BaselineOuterTrain = 1.215,
        BaselineOuterTest = 1.220,
        BestVersion = 800,
    };

    public static ImmutableSortedDictionary<string, double> Figures(params (string Name, double Value)[] figures) =>
        figures.ToImmutableSortedDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);

    public static ScreenWorker Worker(int number, string state = "connected") =>
        new($"a-host-with-quite-a-long-name.example-{number}", 64, state, 128, 123_456, 1_234_567, TimeSpan.FromSeconds(1));
}
