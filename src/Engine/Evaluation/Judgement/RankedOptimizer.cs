namespace LoptCluster.Engine.Evaluation.Judgement;

/// <summary>Place of an optimizer in a ranking.</summary>
/// <param name="Rank">From 1; optimizers of equal loss share the better rank.</param>
/// <param name="Loss">Interquartile mean over tasks of its loss relative to the task's best optimizer.</param>
public sealed record RankedOptimizer(int Rank, ComparedOptimizer Optimizer, Estimate Loss);
