namespace LoptCluster.Engine.Evaluation.Judgement;

/// <summary>A statistic over tasks with the limits of its 95 % bootstrap interval.</summary>
public readonly record struct Estimate(double Value, double Lower, double Upper);
