using LoptCluster.Shared.Specification;

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

    /// <summary>By task: the points of the run that <see cref="TrainCurve"/> summarises.</summary>
    public float[][] TrainCurves { get; init; } = [];

    /// <summary>By task: the points of the run that <see cref="ValidCurve"/> summarises.</summary>
    public float[][] ValidCurves { get; init; } = [];

    /// <summary>By task: time of an inner-step, measured on the first tasks of the task's kind; empty if it was not measured.</summary>
    public StepTime[] StepTimes { get; init; } = [];

    /// <summary>Accuracies at the end of the horizon, of the tasks that have classes.</summary>
    public IEnumerable<double> Accuracies(OuterObjective split) =>
        Losses.Select(l => split == OuterObjective.Valid ? l.ValidAccuracy : l.TrainAccuracy).Where(a => !double.IsNaN(a));

    /// <summary>The optimizer on some of the tasks, without the curves that summarise them all.</summary>
    internal ComparedOptimizer On(int[] tasks)
    {
        return this with
        {
            Losses = Some(Losses),
            TrainCurve = [],
            ValidCurve = [],
            LearningRates = Some(LearningRates),
            TrainCurves = Some(TrainCurves),
            ValidCurves = Some(ValidCurves),
            StepTimes = Some(StepTimes),
        };

        T[] Some<T>(T[] byTask) => byTask.Length == 0 ? [] : [.. tasks.Select(task => byTask[task])];
    }
}
