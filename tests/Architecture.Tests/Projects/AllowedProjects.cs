namespace LoptCluster.Architecture.Tests.Projects;

/// <summary>Which project may use which.</summary>
internal static class AllowedProjects
{
    /// <summary>
    /// Coordinator and worker know each other through Protocol alone; Engine, Shared and Torch know no network; nothing but its user's
    /// program knows Torch.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string[]> Of = new Dictionary<string, string[]>
    {
        ["Shared"] = [],
        ["Protocol"] = ["Shared"],
        ["Engine"] = ["Shared"],
        ["Hosting"] = ["Shared"],
        ["Torch"] = ["Engine", "Shared"],
        ["Coordinator"] = ["Engine", "Hosting", "Protocol", "Shared"],
        ["Worker"] = ["Engine", "Hosting", "Protocol", "Shared"],
        ["Cli"] = ["Coordinator", "Worker", "Engine", "Hosting", "Protocol", "Shared"],
    };

    /// <summary>
    /// Folders, and single types, of coordinator and worker in which generated protobuf types are turned into the product's own, and back.
    /// </summary>
    /// <remarks>
    /// Reporting, Operations, Web and the readiness probe show the status, whose one definition is the message of operations.proto. Cli
    /// shows it too, and is free.
    /// </remarks>
    public static readonly IReadOnlyDictionary<string, string[]> EdgeOf = new Dictionary<string, string[]>
    {
        ["Coordinator"] = ["Sessions", "Fleet.OuterTrainingService", "ThetaServing", "Operations", "Reporting", "Web", "Loop.RunReady"],
        ["Worker"] = ["Link"],
    };
}
