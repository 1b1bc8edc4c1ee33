using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.ThetaServing;

/// <summary>What the file and the card of a run's θ say, however they are asked for.</summary>
internal static class ServedFiles
{
    /// <param name="isAverage">Whether θ is the run's moving average.</param>
    public static ThetaFileContent Content(RunContext run, ThetaSnapshot theta, bool isAverage) =>
        ThetaFileContent.Of(theta, run.Specification, run.RunId) with
        {
            Lineage = run.Lineage,
            AverageDecay = isAverage ? run.Specification.ThetaAverageDecay : null,
        };
}
