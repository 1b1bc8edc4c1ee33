using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.CommandLine;

/// <summary>The specification that --preset, --data and --set make together.</summary>
internal static class PresetSelection
{
    /// <summary>A folder of data asks for real files, also where the preset would use procedural images.</summary>
    public static RunSpecification Load(string? preset, string? data, string[]? assignments) => PresetCatalog.Load(
        preset ?? PresetCatalog.Default,
        [.. data is null ? [] : (string[])["dataset=files"], .. assignments ?? []]);
}
