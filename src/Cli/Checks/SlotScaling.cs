using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>Inner-steps a second of several slots of one process, against one.</summary>
internal sealed record SlotScaling(int Slots, double Ratio)
{
    /// <summary>One slot and all of them take turns so often; odd, for the median.</summary>
    private const int Rounds = 3;

    /// <param name="duration">Of each of the measurements.</param>
    public static SlotScaling Measure(
        RunSpecification specification, IInnerProblemSource problems, int slots, TimeSpan duration, TimeProvider time, CancellationToken cancellation)
    {
        var (still, theta) = StillTraining.Of(specification);
        var dataset = DatasetCatalog.Open(still, null);
        var lanes = Enumerable.Range(0, slots).Select(i => new Lane(new Slot(still, dataset, problems: problems), theta, i)).ToArray();
        try
        {
            // Compiles, and grows what is kept.
            StepsPerSecond(lanes, duration / 4, time, cancellation);
            double[] ratios = new double[Rounds];
            for (int round = 0; round < Rounds; round++)
            {
                double one = StepsPerSecond(lanes[..1], duration, time, cancellation);
                ratios[round] = StepsPerSecond(lanes, duration, time, cancellation) / one;
            }

            return new SlotScaling(slots, ratios.Order().ElementAt(Rounds / 2));
        }
        finally
        {
            foreach (var lane in lanes) lane.Dispose();
        }
    }

    private static double StepsPerSecond(Lane[] lanes, TimeSpan duration, TimeProvider time, CancellationToken cancellation)
    {
        double[] rates = new double[lanes.Length];
        var threads = lanes.Select((lane, i) => new Thread(() => rates[i] = lane.StepsPerSecond(duration, time, cancellation))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        cancellation.ThrowIfCancellationRequested();
        return rates.Sum();
    }

    /// <summary>One slot with its inner-problem; one thread's at a time.</summary>
    private sealed class Lane(Slot slot, ThetaSnapshot theta, long problem) : IDisposable
    {
        private long _problem = problem;
        private InnerState? _state;

        public double StepsPerSecond(TimeSpan duration, TimeProvider time, CancellationToken cancellation)
        {
            long started = time.GetTimestamp(), steps = 0;
            _state ??= slot.Begin(_problem);
            while (time.GetElapsedTime(started) < duration && !cancellation.IsCancellationRequested)
            {
                var sample = slot.Sample(_state, theta, CancellationToken.None);
                steps += sample.Steps;
                if (sample.ProblemFinished) _state = slot.Begin(++_problem);
            }

            return steps / time.GetElapsedTime(started).TotalSeconds;
        }

        public void Dispose() => slot.Dispose();
    }
}
