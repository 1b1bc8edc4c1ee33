namespace LoptCluster.Worker.Reports;

/// <summary>How far a problem is that this worker still holds, as the Hello after a reconnect reports it.</summary>
/// <param name="ProblemId">The problem.</param>
/// <param name="NextTruncation">Index of its next truncation.</param>
/// <param name="InnerStep">t of its state.</param>
/// <param name="AssignmentId">The assignment that it began with.</param>
internal readonly record struct ProblemPosition(long ProblemId, int NextTruncation, int InnerStep, long AssignmentId = 0);
