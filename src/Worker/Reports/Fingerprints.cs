namespace LoptCluster.Worker.Reports;

/// <summary>What a worker computes with, for the coordinator to compare across the fleet.</summary>
/// <param name="Dataset">Of the opened dataset.</param>
/// <param name="Layout">Of the layouts of the inner-problems' parameters.</param>
internal sealed record Fingerprints(string Dataset, string Layout)
{
    /// <summary>Until the first slot has opened the dataset and made an inner-problem.</summary>
    public static readonly Fingerprints Unknown = new("", "");
}
