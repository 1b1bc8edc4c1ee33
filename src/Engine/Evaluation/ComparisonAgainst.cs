namespace LoptCluster.Engine.Evaluation;

/// <summary>θ against one baseline, on one split.</summary>
/// <param name="ShareWon">Share of tasks on which θ's mean loss is strictly lower.</param>
/// <param name="MedianImprovement">Median over tasks of (baseline − learned) / baseline, mean loss.</param>
/// <param name="ShareWonFinal">Share of tasks on which θ's final loss is strictly lower.</param>
/// <param name="MedianImprovementFinal">Median over tasks of (baseline − learned) / baseline, final loss.</param>
/// <param name="Improvements">(baseline − learned) / baseline by task, mean loss.</param>
public sealed record ComparisonAgainst(
    double ShareWon, double MedianImprovement, double ShareWonFinal, double MedianImprovementFinal, double[] Improvements);
