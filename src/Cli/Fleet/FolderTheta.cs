using System.Globalization;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Fleet;

/// <summary>θ out of a run folder, as a coordinator would serve it.</summary>
internal static class FolderTheta
{
    /// <param name="folder">The run folder.</param>
    /// <param name="version">As for <see cref="ThetaDownload.GetAsync"/>.</param>
    /// <exception cref="UserErrorException">There is no readable run in the folder, or no such version in the run.</exception>
    public static (ThetaDownload Theta, ThetaFileContent Content) Get(string folder, string version)
    {
        var run = RecordedThetas.Open(folder);
        var theta = version switch
        {
            ThetaDownload.Latest => run.Latest(),
            ThetaDownload.Best => run.Best(),
            ThetaDownload.Average => run.Average(),
            _ when long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number) => run.Of(number),
            _ => throw ThetaDownload.NoVersion(version),
        };
        var losses = run.OuterTrainLosses();
        var download = new ThetaDownload(
            theta, run.Specification, run.RunId, run.EngineVersion, losses.Count == 0 ? null : losses.Min(l => l.Loss), run.Lineage,
            version == ThetaDownload.Average ? run.Specification.ThetaAverageDecay : null);
        return (download, download.Content with { Search = SearchOutcome.Of(run.Specification, losses, run.Seconds()) });
    }
}
