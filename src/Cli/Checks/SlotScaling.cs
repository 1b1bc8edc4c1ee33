using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>Speed of several slots of one process relative to one slot.</summary>
internal sealed record SlotScaling(int Slots, double Ratio)
{
    /// <summary>Number of times that one slot and all slots are measured in turn; odd, for the median.</summary>
    private const int Rounds = 3;

    /// <summary>Measures the median ratio over several rounds, each of <paramref name="duration"/> for one slot and for all.</summary>
    public static SlotScaling Measure(
        RunSpecification specification,
        IInnerProblemSource problems,
        int slots,
        TimeSpan duration,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var (still, theta) = StillTraining.Of(specification);
        var dataset = DatasetCatalog.OpenRun(still, null);
        var lanes = Enumerable.Range(0, slots).Select(i => new Lane(new Slot(still, dataset, problems: problems), theta, i)).ToArray();
        try
        {
            // Warm-up: compiles code and grows buffers.
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

    /// <summary>One slot with its inner-problem; used by one thread at a time.</summary>
    private sealed class Lane(Slot slot, PublishedTheta theta, long problem) : IDisposable
    {
        private long _problem = problem;
        private InnerState? _state;

        public double StepsPerSecond(TimeSpan duration, TimeProvider time, CancellationToken cancellation)
        {
            long started = time.GetTimestamp(), steps = 0;
            _state ??= slot.Begin(_problem);
            while (time.GetElapsedTime(started) < duration && !cancellation.IsCancellationRequested)
            {
                var sample = slot.Measure(_state, theta, CancellationToken.None);
                steps += sample.Steps;
                if (sample.ProblemFinished) _state = slot.Begin(++_problem);
            }

            return steps / time.GetElapsedTime(started).TotalSeconds;
        }

        public void Dispose() => slot.Dispose();
    }
}
