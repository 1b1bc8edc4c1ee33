namespace LoptCluster.Architecture.Tests.Sources;

/// <summary>Files that a rule of the sources leaves out, each with its reason.</summary>
internal static class SourceExceptions
{
    /// <summary>Files with a family of small types: one closed set of records, which is read as a whole.</summary>
    public static readonly IReadOnlyDictionary<string, string> Families = new Dictionary<string, string>
    {
        ["src/Coordinator/Sessions/RunEvents.cs"] = "The events that the run's one thread takes.",
        ["src/Coordinator/Store/StoredRecords.cs"] = "The rows of run.db.",
        ["src/Coordinator/Web/PageViews.cs"] = "The JSON documents of the live page.",
        ["src/Engine/Numerics/Convolution/RegisterBlocks.cs"] = "One empty struct for each size of a register block.",
    };

    /// <summary>Types in more than two files.</summary>
    public static readonly IReadOnlyDictionary<string, string> Partials = new Dictionary<string, string>
    {
        ["src/Shared/Specification/RunSpecification"] = "The keys of a run, one file for each section of the configuration; no behaviour.",
    };

    /// <summary>Kernels may be long: a loop that is written out for the processor is not shorter in two files.</summary>
    public static bool MayBeLong(SourceFile file) =>
        file.Path.StartsWith("src/Engine/Numerics/", StringComparison.Ordinal) || file.Stem.EndsWith("Kernels", StringComparison.Ordinal);
}
