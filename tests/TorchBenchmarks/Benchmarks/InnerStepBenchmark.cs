using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Specification;
using LoptCluster.TorchBenchmarks.EngineSide;
using LoptCluster.TorchBenchmarks.Figures;
using LoptCluster.TorchBenchmarks.Measuring;
using LoptCluster.TorchBenchmarks.Problems;

namespace LoptCluster.TorchBenchmarks.Benchmarks;

/// <summary>What the learned optimizer adds to an inner-step, against Adam: k steps of loss, gradient and update by either, in turn.</summary>
/// <remarks>The paper gives 1.16 for its own implementation on a GPU.</remarks>
internal sealed class InnerStepBenchmark(int steps, Rounds rounds)
{
    private const double Goal = 1.03;

    public void Measure(BenchmarkReport report)
    {
        var problem = ProblemCase.Convnet(128, OuterObjective.Train, steps);
        using var engine = new EngineSample(problem, DatasetCatalog.Open(problem.Specification, null));
        using var minibatches = engine.Minibatches();
        using var learned = new Training(problem.Specification, engine, minibatches);
        using var adam = new Training(problem.Specification with { Optimizer = OptimizerKind.Adam }, engine, minibatches);
        var times = rounds.Measure(learned.Run, adam.Run);
        report.Figures.Add(Figure.Most($"learned inner-step / Adam inner-step, {problem.Name}", times[0].Over(times[1]), Goal));
        report.Timings.Add(Timing.Of($"learned inner-step, {problem.Name}", times[0], steps));
        report.Timings.Add(Timing.Of($"Adam inner-step, {problem.Name}", times[1], steps));
    }

    private sealed class Training(RunSpecification specification, EngineSample engine, IMinibatches minibatches) : IDisposable
    {
        private readonly ILearnedOptimizer _optimizer = OptimizerFactory.Create(specification, engine.Problem.Layout);
        private readonly float[] _theta = OptimizerFactory.InitialTheta(specification);
        private Unroller? _unroller;
        private float[] _m = [];

        public void Run()
        {
            ParameterLayout layout = engine.Problem.Layout;
            _unroller ??= new Unroller(layout, _optimizer, UnrollOptions.From(specification));
            if (_m.Length == 0) _m = new float[layout.PaddedLength * _optimizer.StateVectors];
            var truncation = new Truncation
            {
                Problem = engine.Problem,
                Minibatches = minibatches,
                W = engine.Start.W,
                M = _m,
                StartStep = 0,
                Steps = specification.TruncationFirst,
            };
            _unroller.Forward(truncation, _theta);
        }

        public void Dispose()
        {
            _unroller?.Dispose();
            _optimizer.Dispose();
        }
    }
}
