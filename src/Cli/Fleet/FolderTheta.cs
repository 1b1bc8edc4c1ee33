using System.Globalization;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Cli.Fleet;

/// <summary>θ out of a run folder, as a coordinator would serve it.</summary>
internal static class FolderTheta
{
    /// <param name="run">The run of the folder.</param>
    /// <param name="version">As for <see cref="ThetaDownload.GetAsync"/>.</param>
    /// <exception cref="UserErrorException">There is no such version in the run.</exception>
    public static (ThetaDownload Theta, ThetaFileContent Content) Get(RecordedThetas run, string version) => version switch
    {
        ThetaDownload.Latest => Of(run, run.Latest()),
        ThetaDownload.Best => Of(run, run.Best()),
        ThetaDownload.Average => Of(run, run.Average(), run.Specification.ThetaAverageDecay),
        _ when long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number) => Of(run, run.Of(number)),
        _ => throw ThetaDownload.NoVersion(version),
    };

    /// <summary>The best θ, or the newest if none has been evaluated yet.</summary>
    public static (ThetaDownload Theta, ThetaFileContent Content) BestOrLatest(RecordedThetas run) =>
        Of(run, run.OuterTrainLosses().Count > 0 ? run.Best() : run.Latest());

    private static (ThetaDownload Theta, ThetaFileContent Content) Of(RecordedThetas run, ThetaSnapshot theta, double? averageDecay = null)
    {
        var losses = run.OuterTrainLosses();
        var download = new ThetaDownload(
            theta, run.Specification, run.RunId, run.EngineVersion, losses.Count == 0 ? null : losses.Min(l => l.Loss), run.Lineage,
            averageDecay);
        return (download, download.Content with { Search = SearchOutcome.Of(run.Specification, losses, run.Seconds()) });
    }
}
