namespace LoptCluster.Architecture.Tests.Folders;

/// <summary>
/// The folders of each project from the bottom to the top: a folder uses folders before it. The root of a project is not listed; it
/// composes and may use all.
/// </summary>
internal static class FolderLayers
{
    public static readonly IReadOnlyDictionary<string, string[]> Of = new Dictionary<string, string[]>
    {
        ["Shared"] = ["Randomness", "Specification", "Studies", "Run", "Instruments"],
        ["Protocol"] = ["V1", "Wire"],
        ["Engine"] =
        [
            "Numerics", "Parameters", "Datasets", "Minibatches", "InnerProblems", "Optimizers", "ThetaFiles", "Unrolling", "Estimation",
            "OuterTraining", "Sampling", "Pathologies", "Evaluation", "Verification", "Benchmarking",
        ],
        ["Hosting"] = ["Credentials", "Connections", "Listeners", "Telemetry"],
        ["Torch"] = ["Libtorch", "InnerProblems", "Optimizers"],
        // Store, Run and Sessions are the words of the run, and Hosts finds it among several; what keeps, judges and assigns stands on
        // them; the loop drives it, the fleet shares workers among loops; the rest shows it.
        ["Coordinator"] =
        [
            "Security", "Store", "Run", "Replay", "Hosts", "Sessions", "ThetaServing", "Telemetry", "TensorBoard", "Auditing",
            "Assignments", "Batching", "Membership", "Training", "Intake", "Reporting", "Operations", "Loop", "Fleet", "Web",
        ],
        ["Worker"] = ["Assignments", "Reports", "Telemetry", "Unrolling", "Link"],
        ["Cli"] =
        [
            "CommandLine", "Completion", "Processes", "Runs", "Screen", "Report", "Thetas", "Drawing", "Replay", "Fleet", "Evaluation",
            "Conclusion", "Training", "Tuning", "Studies", "Checks", "Trials", "Reproduction",
        ],
    };
}
