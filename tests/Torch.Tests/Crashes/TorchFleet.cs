using LoptCluster.ClusterTestKit;

namespace LoptCluster.Torch.Tests.Crashes;

/// <summary>Fleets whose inner-problem is a torch module of the tests.</summary>
internal static class TorchFleet
{
    public const int BatchSamples = 4;

    /// <param name="values">key=value of the specification, on top of a net so small that a sample takes a tenth of a second.</param>
    public static Fleet Create(params string[] values) => new(
    [
        "innerProblem=torch", "innerSteps=40", "truncationFirst=4", "truncationLast=8", $"batchSamples={BatchSamples}",
        // No evaluations: tuning Adam for them alone takes thousands of passes.
        "evaluateEveryUpdates=0", .. values,
    ])
    {
        Program = TorchProcess.Start,
    };
}
