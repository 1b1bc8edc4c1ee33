using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Specification selected by --preset, --data and --set together.</summary>
internal static class PresetSelection
{
    /// <summary>Loads the preset with its overrides.</summary>
    /// <remarks>A data folder implies <c>dataset=files</c>, even for a preset with procedural images.</remarks>
    public static RunSpecification Load(string? preset, string? data, string[]? assignments) => PresetCatalog.Load(
        preset ?? PresetCatalog.Default,
        [.. data is null ? [] : (string[])["dataset=files"], .. assignments ?? []]);
}
