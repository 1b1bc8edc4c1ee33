using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Minibatches;

/// <summary>Noise on the inner-training data of a problem; validation data and their labels stay as they are.</summary>
/// <param name="Labels">Share of the images whose label is another.</param>
/// <param name="Inputs">Standard deviation of what is added to the inputs of a minibatch.</param>
public readonly record struct TaskNoise(double Labels, double Inputs)
{
    public static TaskNoise Of(RunSpecification problem) => new(problem.LabelNoise, problem.InputNoise);
}
