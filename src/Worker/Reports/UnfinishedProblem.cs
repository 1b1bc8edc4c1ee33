using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Reports;

/// <summary>A problem that a leaving worker hands back.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="AssignmentId">The assignment that it began with.</param>
internal readonly record struct UnfinishedProblem(InnerState State, long AssignmentId);
