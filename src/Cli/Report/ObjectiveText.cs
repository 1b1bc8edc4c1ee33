using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Report;

/// <summary>The outer-objective in words.</summary>
internal static class ObjectiveText
{
    /// <summary>"validation loss" or "training loss".</summary>
    public static string LossOf(OuterObjective objective) => objective == OuterObjective.Valid ? "validation loss" : "training loss";
}
