namespace LoptCluster.Worker.Assignments;

/// <summary>Inner state of an unfinished problem between two workers. Its arrays are handed over and never written again.</summary>
/// <param name="InnerStep">t of the state.</param>
/// <param name="W">w(t), padded layout.</param>
/// <param name="M">The optimizer's state at t.</param>
internal sealed record HandedBackState(long ProblemId, int NextTruncation, int InnerStep, float[] W, float[] M);
