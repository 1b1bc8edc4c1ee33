using System.Diagnostics;
using LoptCluster.Engine.Benchmarking;

namespace LoptCluster.TorchBenchmarks.Measuring;

/// <summary>Takes turns: A B C A B C …, so that what else the machine does hits all alike.</summary>
/// <remarks>
/// The clock is the processor time of this thread; the first rounds, in which code is compiled and memory grows, do not count.
/// </remarks>
internal sealed class Rounds(int warmUps, int count)
{
    private double _processorSeconds;
    private double _wallSeconds;

    public int Count => count;

    /// <summary>
    /// Wall-clock time over processor time of all that was measured: 1 on a quiet machine, less than 1 if other threads helped.
    /// </summary>
    public double WallOverProcessor => _wallSeconds / _processorSeconds;

    /// <summary>Seconds of each action.</summary>
    public Series[] Measure(params ReadOnlySpan<Action> actions)
    {
        double[][] seconds = new double[actions.Length][];
        for (int i = 0; i < actions.Length; i++) seconds[i] = new double[count];
        for (int round = -warmUps; round < count; round++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                double time = Time(actions[i], counts: round >= 0);
                if (round >= 0) seconds[i][round] = time;
            }
        }

        return [.. seconds.Select(s => new Series(s))];
    }

    /// <summary>FMA peak of a moment, GFLOP/s: the median of some runs of half a millisecond.</summary>
    public static double FmaPeakGflops() => new Series([.. Enumerable.Range(0, 15).Select(_ => FmaPeak.Measure())]).Median;

    private double Time(Action action, bool counts)
    {
        long wall = Stopwatch.GetTimestamp();
        double start = ProcessorClock.Seconds();
        action();
        double seconds = ProcessorClock.Seconds() - start;
        if (counts)
        {
            _processorSeconds += seconds;
            _wallSeconds += Stopwatch.GetElapsedTime(wall).TotalSeconds;
        }

        return seconds;
    }
}
