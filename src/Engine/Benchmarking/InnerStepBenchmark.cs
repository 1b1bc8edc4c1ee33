using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>Cost of an inner-step with the learned optimizer relative to Adam: loss, gradient and update by each, in turn.</summary>
/// <remarks>The paper reports 1.16 for its own implementation (§4.4).</remarks>
/// <param name="Learned">Milliseconds per inner-step with the learned optimizer, by round.</param>
/// <param name="Adam">Milliseconds per inner-step with Adam, by round.</param>
public sealed record InnerStepBenchmark(IReadOnlyList<double> Learned, IReadOnlyList<double> Adam)
{
    /// <summary>Number of inner-steps in one measurement.</summary>
    private const int Steps = 4;

    public double LearnedMilliseconds => Medians.Of(Learned);

    public double AdamMilliseconds => Medians.Of(Adam);

    /// <summary>Ratio of learned to Adam, median over the rounds.</summary>
    public double Ratio => Medians.Of(Learned.Zip(Adam, (l, a) => l / a));

    /// <param name="problem">Problem to measure, with its largest minibatch.</param>
    /// <param name="rounds">Number of measured rounds, after two warm-up rounds.</param>
    public static InnerStepBenchmark Measure(IInnerProblem problem, int rounds, CancellationToken cancellation)
    {
        using var data = new ProblemData(problem);
        using var learned = new Training(OptimizerFamilies.Mlp16, problem, data);
        using var adam = new Training(OptimizerFamilies.Adam, problem, data);
        double[] learnedTimes = new double[rounds], adamTimes = new double[rounds];
        for (int round = -2; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            double l = ProcessorClock.SecondsOf(learned.Run), a = ProcessorClock.SecondsOf(adam.Run);
            if (round >= 0) (learnedTimes[round], adamTimes[round]) = (1e3 * l / Steps, 1e3 * a / Steps);
        }

        return new InnerStepBenchmark(learnedTimes, adamTimes);
    }

    private sealed class Training(IOuterTrainableFamily family, IInnerProblem problem, ProblemData data) : IDisposable
    {
        private readonly IOuterTrainableOptimizer _optimizer = family.Create(problem.Layout, new UpdateSettings(Steps));
        private readonly float[] _theta = family.InitialTheta(seed: 1);
        private readonly float[] _w = [.. data.W.Span];
        private Unroller? _unroller;
        private float[]? _m;

        public void Run()
        {
            _unroller ??= new Unroller(problem.Layout, _optimizer, new UnrollOptions { Objective = OuterObjective.Train });
            _m ??= new float[problem.Layout.PaddedLength * _optimizer.StateVectors];
            var truncation = new Truncation { Problem = problem, Minibatches = data, W = _w, M = _m, StartStep = 0, Steps = Steps };
            _unroller.Forward(truncation, _theta);
        }

        public void Dispose()
        {
            _unroller?.Dispose();
            _optimizer.Dispose();
        }
    }
}
