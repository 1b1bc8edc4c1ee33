using System.Collections.Immutable;

namespace LoptCluster.Engine.Evaluation.Judgement;

/// <summary>
/// Performance profiles (Dolan and Moré 2002, "Benchmarking optimization software with performance profiles"): for each factor τ, the share
/// of tasks on which an optimizer's loss is at most τ times that of the task's best optimizer.
/// </summary>
public static class PerformanceProfile
{
    /// <summary>Factors τ of summaries. At 1 stands the share of tasks on which the optimizer is the best.</summary>
    public static ImmutableArray<double> Factors { get; } = [1, 1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10];

    /// <summary>
    /// Loss of each optimizer on each task, divided by the best optimizer's on that task: at least 1. Where the best is not above 0, 1 for
    /// the best and infinite for the others.
    /// </summary>
    /// <param name="losses">By optimizer and task.</param>
    public static double[][] Ratios(double[][] losses)
    {
        return [.. losses.Select(byTask => byTask.Select((loss, task) => Ratio(loss, losses.Min(l => l[task]))).ToArray())];

        static double Ratio(double loss, double best) => loss == best ? 1 : best > 0 ? loss / best : double.PositiveInfinity;
    }

    /// <summary>Share of tasks whose ratio is at most τ; NaN without tasks.</summary>
    public static double ShareWithin(double[] ratios, double factor) => (double)ratios.Count(ratio => ratio <= factor) / ratios.Length;
}
