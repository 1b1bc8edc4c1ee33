namespace LoptCluster.Shared.Run;

/// <summary>Identity of a sample: one truncation of one inner-problem, counted at most once.</summary>
public readonly record struct SampleIdentity(long ProblemId, int Truncation);
