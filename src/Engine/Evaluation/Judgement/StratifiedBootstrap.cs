using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Evaluation.Judgement;

/// <summary>Bootstrap over tasks: percentile intervals from resamples with replacement, within each kind of a mixture.</summary>
/// <remarks>
/// Agarwal et al. 2021 resample the runs of each task. A comparison has one run per task, and its tasks are draws from a distribution whose
/// kinds have fixed weights: tasks are resampled, and kinds are the strata. All statistics use the same resamples, so that the seed alone
/// decides the intervals.
/// </remarks>
public sealed class StratifiedBootstrap
{
    private const int Resamples = 2000;
    private const double Confidence = 0.95;

    private readonly int[][] _resamples;
    private readonly double[] _scratch;

    /// <param name="tasks">Number of tasks.</param>
    /// <param name="kinds">Kind of each task; empty: all are of one.</param>
    public StratifiedBootstrap(int tasks, IReadOnlyList<string> kinds, long seed)
    {
        int[][] strata =
        [
            .. Enumerable.Range(0, tasks).GroupBy(task => kinds.ElementAtOrDefault(task) ?? "")
                .OrderBy(stratum => stratum.Key, StringComparer.Ordinal).Select(stratum => stratum.ToArray()),
        ];
        _resamples = [.. Enumerable.Range(0, Resamples).Select(resample => Resample(strata, seed, resample))];
        _scratch = new double[tasks];
    }

    /// <summary>Interquartile mean over the tasks, with its interval; NaN if a value is.</summary>
    /// <param name="byTask">A value for each task.</param>
    public Estimate InterquartileMeanOf(double[] byTask)
    {
        double[] means = [.. _resamples.Select(MeanOf)];
        Array.Sort(means);
        double tail = (1 - Confidence) / 2;
        return new Estimate(
            InterquartileMean.Of(byTask),
            means.Any(double.IsNaN) ? double.NaN : Quartiles.At(means, tail),
            means.Any(double.IsNaN) ? double.NaN : Quartiles.At(means, 1 - tail));

        double MeanOf(int[] tasks)
        {
            for (int i = 0; i < tasks.Length; i++) _scratch[i] = byTask[tasks[i]];
            return InterquartileMean.OfScratch(_scratch);
        }
    }

    private static int[] Resample(int[][] strata, long seed, int resample)
    {
        var random = new RandomStream(seed, RandomPurpose.ComparisonBootstrap, resample);
        var tasks = new List<int>();
        foreach (int[] stratum in strata)
        {
            for (int i = 0; i < stratum.Length; i++) tasks.Add(stratum[random.NextInt32(stratum.Length)]);
        }

        return [.. tasks];
    }
}
