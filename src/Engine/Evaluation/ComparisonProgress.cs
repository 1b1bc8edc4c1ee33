namespace LoptCluster.Engine.Evaluation;

/// <summary>Progress of a comparison.</summary>
public readonly record struct ComparisonProgress(int TasksDone, int Tasks);
