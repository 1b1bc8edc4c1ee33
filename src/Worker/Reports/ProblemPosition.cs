namespace LoptCluster.Worker.Reports;

/// <summary>How far a problem is that this worker still holds, as the Hello after a reconnect reports it.</summary>
/// <param name="InnerStep">t of its state.</param>
internal readonly record struct ProblemPosition(long ProblemId, int NextTruncation, int InnerStep);
