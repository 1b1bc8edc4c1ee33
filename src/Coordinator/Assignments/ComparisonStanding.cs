namespace LoptCluster.Coordinator.Assignments;

/// <summary>How far a comparison is.</summary>
/// <param name="TasksDone">Tasks on which θ and all baselines have been trained.</param>
/// <param name="Tasks">All tasks.</param>
/// <param name="TrainingsDone">Inner-trainings done: one of θ on each task, one of each setting of each baseline.</param>
/// <param name="Trainings">All inner-trainings.</param>
/// <param name="StepsDone">Inner-steps of <paramref name="TrainingsDone"/>, if none was left early.</param>
/// <param name="Steps">Inner-steps of all trainings.</param>
internal sealed record ComparisonStanding(int TasksDone, int Tasks, int TrainingsDone, int Trainings, long StepsDone, long Steps)
{
    /// <summary>Time until its end; NaN while nothing tells it.</summary>
    /// <param name="seconds">Time so far.</param>
    public double SecondsLeft(double seconds) => StepsDone > 0 ? seconds * (Steps - StepsDone) / StepsDone : double.NaN;
}
