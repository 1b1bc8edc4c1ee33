using System.Globalization;
using LoptCluster.Shared.Run;

namespace LoptCluster.Cli.Report;

/// <summary>The origin of a run's θ in words.</summary>
internal static class OriginText
{
    /// <summary>"θ version 280 of run 1f2e ('quickstart'), read from 'theta.safetensors'".</summary>
    public static string Of(ThetaOrigin origin)
    {
        string version = origin.Version.ToString("N0", CultureInfo.InvariantCulture);
        string run = origin.RunId.Length > 0 ? $" of run {origin.RunId}" : "";
        string name = origin.RunName.Length > 0 ? $" ('{origin.RunName}')" : "";
        return $"θ version {version}{run}{name}, read from '{origin.File}'";
    }
}
