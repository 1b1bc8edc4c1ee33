using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Unrolling;

/// <summary>Unrollers of two layouts that take turns on one block of memory.</summary>
public sealed class TapeMemoryTests
{
    private const int Steps = 60;

    /// <summary>Enough for each truncation alone with replayed segments, and not for both tapes side by side.</summary>
    private static readonly UnrollOptions Options = new() { Objective = OuterObjective.Train, MemoryBytes = 256 << 10 };

    [Fact]
    public void TwoUnrollers_InTurn_GiveTheBitsOfTheirOwnAndKeepTheBudget()
    {
        using var memory = new TapeMemory();
        using Lane wide = new([24], memory), deep = new([8, 8], memory), wideAlone = new([24], null), deepAlone = new([8, 8], null);
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(wideAlone.Gradient(), wide.Gradient());
            Assert.Equal(deepAlone.Gradient(), deep.Gradient());
        }

        Assert.InRange(sizeof(float) * memory.Length, 1, Options.MemoryBytes);
    }

    private sealed class Lane : IDisposable
    {
        private readonly FullyConnectedProblem _problem;
        private readonly MlpOptimizer _optimizer;
        private readonly Unroller _unroller;
        private readonly float[] _w;
        private readonly float[] _theta;

        public Lane(int[] hidden, TapeMemory? memory)
        {
            _problem = new FullyConnectedProblem(4, hidden, 3, 2);
            _optimizer = new MlpOptimizer(
                MlpShape.Paper, _problem.Layout, new UpdateSettings(InnerSteps: 1) { StepScale = 0.01, ExponentScale = 0.01 });
            _unroller = new Unroller(_problem.Layout, _optimizer, Options, memory);
            var random = new RandomStream(1, RandomPurpose.InnerInitialization);
            _w = new float[_problem.Layout.PaddedLength];
            _problem.Initialize(ref random, _w);
            _theta = OptimizerFamilies.Mlp16.InitialTheta(seed: 1);
        }

        public double[] Gradient()
        {
            var truncation = new Truncation
            {
                Problem = _problem,
                Minibatches = OneMinibatch.Instance,
                W = _w,
                M = new float[_w.Length * _optimizer.StateVectors],
                StartStep = 0,
                Steps = Steps,
            };
            _unroller.ForwardTaped(truncation, _theta);
            _unroller.Backward(truncation, _theta);
            return _unroller.ThetaGradient.ToArray();
        }

        public void Dispose()
        {
            _unroller.Dispose();
            _optimizer.Dispose();
            _problem.Dispose();
        }
    }

    private sealed class OneMinibatch : IMinibatches
    {
        public static readonly OneMinibatch Instance = new();

        private readonly float[] _inputs = [1, -1, 0.5f, 2, -2, 0.25f, 1, 0];
        private readonly int[] _labels = [0, 2];

        public Minibatch Inner(long t) => new(_inputs, _labels);

        public Minibatch Outer(long t, int draw) => Inner(t);
    }
}
