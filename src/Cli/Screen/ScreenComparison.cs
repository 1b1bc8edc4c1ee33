namespace LoptCluster.Cli.Screen;

/// <summary>How far a comparison is.</summary>
/// <param name="TasksDone">Tasks on which θ and all baselines have been trained.</param>
/// <param name="Tasks">All tasks.</param>
/// <param name="TrainingsDone">Inner-trainings done.</param>
/// <param name="Trainings">All inner-trainings.</param>
internal sealed record ScreenComparison(int TasksDone, int Tasks, int TrainingsDone, int Trainings);
