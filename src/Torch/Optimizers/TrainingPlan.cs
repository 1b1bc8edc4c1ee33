namespace LoptCluster.Torch.Optimizers;

/// <summary>What an optimizer with inputs of the task wants to know of the training that it is used for.</summary>
/// <param name="Steps">T: number of steps that training will last.</param>
/// <param name="Examples">N: number of examples in the training set.</param>
/// <param name="MinibatchSize">B: number of examples of a step.</param>
public sealed record TrainingPlan(long Steps, long Examples, int MinibatchSize);
