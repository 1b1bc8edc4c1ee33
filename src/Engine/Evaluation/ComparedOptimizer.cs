namespace LoptCluster.Engine.Evaluation;

/// <summary>One optimizer on every task of a comparison.</summary>
/// <param name="Name">"learned", or a baseline's.</param>
/// <param name="Title">For people.</param>
/// <param name="Losses">By task. A baseline's are each the best over learning rates, chosen anew for each number.</param>
/// <param name="TrainCurve">By curve point; a baseline with the rate that has the best mean of the run's objective on the task.</param>
/// <param name="ValidCurve">Likewise.</param>
/// <param name="LearningRates">The rate chosen for the curve, by task; empty for θ.</param>
public sealed record ComparedOptimizer(
    string Name, string Title, InnerTrainingLosses[] Losses, Quartiles[] TrainCurve, Quartiles[] ValidCurve, double[] LearningRates)
{
    /// <summary>How its settings were chosen; null: it is θ.</summary>
    public BaselineRules? Rules { get; init; }

    /// <summary>The optimizer on some of the tasks, without curves.</summary>
    internal ComparedOptimizer On(int[] tasks) => this with
    {
        Losses = [.. tasks.Select(task => Losses[task])],
        TrainCurve = [],
        ValidCurve = [],
        LearningRates = LearningRates.Length == 0 ? [] : [.. tasks.Select(task => LearningRates[task])],
    };
}
