using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Unrolling;

public sealed class UnrollerTests
{
    private const int Steps = 23;
    private static readonly int[] Layers = [5, 7, 3];

    /// <summary>Every memory plan must give the same bits: it decides what is kept, not what is computed.</summary>
    [Theory]
    [InlineData(OuterObjective.Train, LossConvention.BeforeUpdate)]
    [InlineData(OuterObjective.Valid, LossConvention.BeforeUpdate)]
    [InlineData(OuterObjective.Valid, LossConvention.AfterUpdate)]
    public void Backward_AnyMemoryBudget_GivesTheSameBits(OuterObjective objective, LossConvention lossAt)
    {
        var options = new UnrollOptions
        {
            Objective = objective,
            LossAt = lossAt,
            OuterMinibatches = objective == OuterObjective.Train ? 1 : 2,
        };
        using var problem = new FullyConnectedProblem(Layers[0], [Layers[1]], Layers[2], 4);
        int length = problem.Layout.PaddedLength;
        var everything = TapePlan.Choose(Steps, length, 5, long.MaxValue);
        var gradients = TapePlan.Choose(Steps, length, 5, everything.Bytes - 1);
        var lean = TapePlan.Choose(Steps, length, 5, gradients.Bytes - 1);
        var leanest = TapePlan.Choose(Steps, length, 5, lean.Bytes - (sizeof(float) * length * lean.KeptGradients));
        Assert.Equal((1, Steps, Steps), (everything.Segments, everything.KeptGradients, gradients.KeptGradients));
        Assert.InRange(lean.KeptGradients, 1, Steps - 1);
        Assert.Equal(0, leanest.KeptGradients);
        Assert.True(gradients.Segments > 1 && lean.Segments > 1);

        double[] reference = Gradient(problem, options with { MemoryBytes = everything.Bytes });
        Assert.Contains(reference, g => g != 0);
        Assert.Equal(reference, Gradient(problem, options with { MemoryBytes = gradients.Bytes }));
        Assert.Equal(reference, Gradient(problem, options with { MemoryBytes = lean.Bytes }));
        Assert.Equal(reference, Gradient(problem, options with { MemoryBytes = leanest.Bytes }));
    }

    /// <summary>The outer-loss's gradient computed with the loss, in all steps, in some and in none.</summary>
    [Theory]
    [InlineData(LossConvention.BeforeUpdate)]
    [InlineData(LossConvention.AfterUpdate)]
    public void Backward_WithOuterGradients_GivesTheSameBits(LossConvention lossAt)
    {
        using var problem = new FullyConnectedProblem(Layers[0], [Layers[1]], Layers[2], 4);
        var options = new UnrollOptions { Objective = OuterObjective.Valid, LossAt = lossAt };
        int length = problem.Layout.PaddedLength;
        var plain = TapePlan.Choose(Steps, length, 5, long.MaxValue / 8);
        long some = (plain.Bytes + (length * sizeof(float) * 9L)) / 3 * 4;
        Assert.InRange(TapePlan.Choose(Steps, length, 5, some, 0, true).KeptOuterGradients, 7, 9);
        Assert.Equal(0, TapePlan.Choose(Steps, length, 5, plain.Bytes, 0, true).KeptOuterGradients);

        double[] reference = Gradient(problem, options with { MemoryBytes = plain.Bytes });
        Assert.Contains(reference, g => g != 0);
        Assert.Equal(reference, Gradient(problem, options with { MemoryBytes = some }));
        Assert.Equal(reference, Gradient(problem, options with { MemoryBytes = 1L << 30 }));
    }

    /// <summary>The convnet's intermediate values, of all steps, of some and of none.</summary>
    [Theory]
    [InlineData(OuterObjective.Train)]
    [InlineData(OuterObjective.Valid)]
    public void Backward_WithIntermediates_GivesTheSameBits(OuterObjective objective)
    {
        using IInnerProblem problem = new ConvnetProblem(new ConvnetShape(6, 1, 5, [2, 1, 1], Layers[2]), 4);
        var options = new UnrollOptions { Objective = objective };
        int each = problem.IntermediatesLength(4), length = problem.Layout.PaddedLength;
        var plain = TapePlan.Choose(Steps, length, 5, long.MaxValue / 8);
        long some = (plain.Bytes + (each * sizeof(float) * 9L)) / 3 * 4;
        Assert.InRange(TapePlan.Choose(Steps, length, 5, some, each).KeptIntermediates, 7, 9);
        Assert.Equal(0, TapePlan.Choose(Steps, length, 5, plain.Bytes, each).KeptIntermediates);

        double[] reference = Gradient(problem, options with { MemoryBytes = plain.Bytes });
        Assert.Contains(reference, g => g != 0);
        Assert.Equal(reference, Gradient(problem, options with { MemoryBytes = some }));
        Assert.Equal(reference, Gradient(problem, options with { MemoryBytes = 1L << 30 }));
    }

    /// <summary>The intermediate values of updates: with every state, of a segment at a time, and not at all.</summary>
    [Fact]
    public void Backward_WithUpdates_GivesTheSameBits()
    {
        using IInnerProblem problem = new QuadraticProblem(Diagonal(200), new float[200]);
        using var optimizer = OptimizerFactory.Create(new RunSpecification(), problem.Layout);
        int each = optimizer.IntermediatesLength, length = problem.Layout.PaddedLength;
        var options = new UnrollOptions { Objective = OuterObjective.Train };
        var everything = TapePlan.Choose(Steps, length, 5, long.MaxValue);
        long none = everything.Bytes, segments = (everything.Bytes - 1) / 4 * 4;
        Assert.False(TapePlan.Choose(Steps, length, 5, none, updateLength: each).KeepsUpdates);
        Assert.True(TapePlan.Choose(Steps, length, 5, segments, updateLength: each) is { KeepsUpdates: true, Segments: > 1 });
        Assert.True(TapePlan.Choose(Steps, length, 5, 1L << 30, updateLength: each) is { KeepsUpdates: true, Segments: 1 });

        double[] reference = Gradient(problem, options with { MemoryBytes = none });
        Assert.Contains(reference, g => g != 0);
        Assert.Equal(reference, Gradient(problem, options with { MemoryBytes = segments }));
        Assert.Equal(reference, Gradient(problem, options with { MemoryBytes = 1L << 30 }));
    }

    /// <summary>Losses and gradient do not hang on the last update where no loss comes after it.</summary>
    [Theory]
    [InlineData(LossConvention.BeforeUpdate)]
    [InlineData(LossConvention.AfterUpdate)]
    public void Forward_WithoutEnd_HasTheSameLossesAndGradient(LossConvention lossAt)
    {
        using var problem = new FullyConnectedProblem(Layers[0], [Layers[1]], Layers[2], 4);
        using var optimizer = OptimizerFactory.Create(new RunSpecification(), problem.Layout);
        using var unroller = new Unroller(problem.Layout, optimizer, new UnrollOptions { LossAt = lossAt });
        float[] start = Start(problem), theta = OptimizerFactory.InitialTheta(new RunSpecification());
        var truncation = TruncationOf(problem, optimizer, start);
        var withoutEnd = TruncationOf(problem, optimizer, start, withoutEnd: true);

        double loss = unroller.ForwardTaped(truncation, theta);
        unroller.Backward(truncation, theta);
        double[] gradient = unroller.ThetaGradient.ToArray();
        Assert.Equal(loss, unroller.ForwardTaped(withoutEnd, theta));
        unroller.Backward(withoutEnd, theta);
        Assert.Equal(gradient, unroller.ThetaGradient.ToArray());
        Assert.Equal(loss, unroller.Forward(withoutEnd, theta));
    }

    [Fact]
    public void Forward_AndForwardTaped_AndReplay_EndInTheSameState()
    {
        using var problem = new FullyConnectedProblem(Layers[0], [Layers[1]], Layers[2], 4);
        using var optimizer = OptimizerFactory.Create(new RunSpecification(), problem.Layout);
        using var unroller = new Unroller(problem.Layout, optimizer, new UnrollOptions());
        var truncation = TruncationOf(problem, optimizer, Start(problem));
        float[] theta = OptimizerFactory.InitialTheta(new RunSpecification());

        double forward = unroller.Forward(truncation, theta);
        float[] w = unroller.FinalW.ToArray(), m = unroller.FinalM.ToArray();
        Assert.Equal(forward, unroller.ForwardTaped(truncation, theta));
        Assert.Equal(w, unroller.FinalW.ToArray());
        unroller.Replay(truncation, theta);
        Assert.Equal(w, unroller.FinalW.ToArray());
        Assert.Equal(m, unroller.FinalM.ToArray());
    }

    /// <summary>App. A by hand, one dimension: ℓ = ½ a w², k SGD steps, L = mean over the steps of ½ a ((1 − a r)ᵗ w0)².</summary>
    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.7f)]
    public void Backward_ScalarQuadratic_IsTheClosedForm(float rate)
    {
        const float a = 1.5f, w0 = 2;
        using var problem = new QuadraticProblem([a], [0f]);
        using var sgd = OptimizerFamilies.Sgd.Create(problem.Layout, new UpdateSettings(10));
        using var unroller = new Unroller(problem.Layout, sgd, new UnrollOptions { Objective = OuterObjective.Train });
        float[] start = new float[problem.Layout.PaddedLength];
        start[0] = w0;
        var truncation = FromTheStart(problem, start, steps: 10);

        float[] theta = OptimizerFamilies.Sgd.Theta.Point(("learningRate", rate));
        double loss = unroller.ForwardTaped(truncation, theta);
        unroller.Backward(truncation, theta);

        double contraction = 1 - (a * (double)rate), expectedLoss = 0, expectedSlope = 0;
        for (int t = 0; t < 10; t++)
        {
            expectedLoss += 0.5 * a * Math.Pow(contraction, 2 * t) * w0 * w0 / 10;
            if (t > 0) expectedSlope += 0.5 * a * w0 * w0 * 2 * t * Math.Pow(contraction, (2 * t) - 1) * -a / 10;
        }

        Assert.Equal(expectedLoss, loss, 1e-5 * expectedLoss);
        double slope = OptimizerFamilies.Sgd.Theta.ValueGradient(theta, unroller.ThetaGradient)[0];
        Assert.Equal(expectedSlope, slope, 1e-5 * Math.Abs(expectedSlope));
    }

    [Fact]
    public void Forward_EveryLossAboveTheCap_CountsAsTheCapWithoutGradient()
    {
        using var problem = new FullyConnectedProblem(Layers[0], [Layers[1]], Layers[2], 4);
        var options = new UnrollOptions { LossCap = 1e-6 };
        double[] gradient = Gradient(problem, options, expectedLoss: 1e-6);
        Assert.All(gradient, g => Assert.Equal(0, g));
    }

    /// <summary>A w that has diverged, under an indefinite A: both products overflow to −∞.</summary>
    [Fact]
    public void Forward_LossIsMinusInfinity_CountsAsTheCap()
    {
        using var problem = new QuadraticProblem([0, -4, -4, 0], [0f, 0f]);
        using var sgd = OptimizerFamilies.Sgd.Create(problem.Layout, new UpdateSettings(1));
        using var unroller = new Unroller(problem.Layout, sgd, new UnrollOptions { Objective = OuterObjective.Train });
        float[] start = new float[problem.Layout.PaddedLength];
        (start[0], start[1]) = (float.MaxValue, float.MaxValue);
        Assert.Equal(double.NegativeInfinity, problem.Loss(start, default));
        var truncation = FromTheStart(problem, start, steps: 1);

        Assert.Equal(10, unroller.Forward(truncation, OptimizerFamilies.Sgd.Theta.Point(("learningRate", 0.1))));
    }

    [Fact]
    public void Forward_Cancelled_Throws()
    {
        using var problem = new FullyConnectedProblem(Layers[0], [Layers[1]], Layers[2], 4);
        using var optimizer = OptimizerFactory.Create(new RunSpecification(), problem.Layout);
        using var unroller = new Unroller(problem.Layout, optimizer, new UnrollOptions());
        float[] start = Start(problem), theta = OptimizerFactory.InitialTheta(new RunSpecification());
        Assert.Throws<OperationCanceledException>(
            () => unroller.Forward(TruncationOf(problem, optimizer, start), theta, new CancellationToken(true)));
    }

    /// <summary>The first truncation of a problem without data, for an optimizer without a state.</summary>
    private static Truncation FromTheStart(QuadraticProblem problem, float[] w, int steps) => new()
    {
        Problem = problem,
        Minibatches = new RandomMinibatches(0, 1),
        W = w,
        M = default,
        StartStep = 0,
        Steps = steps,
    };

    private static double[] Gradient(IInnerProblem problem, UnrollOptions options, double? expectedLoss = null)
    {
        var specification = new RunSpecification { StepScale = 0.03 };
        using var optimizer = OptimizerFactory.Create(specification, problem.Layout);
        using var unroller = new Unroller(problem.Layout, optimizer, options);
        var truncation = TruncationOf(problem, optimizer, Start(problem));
        float[] theta = OptimizerFactory.InitialTheta(specification);
        double loss = unroller.ForwardTaped(truncation, theta);
        unroller.Backward(truncation, theta);
        if (expectedLoss is { } expected) Assert.Equal(expected, loss, 1e-9 * expected);
        return unroller.ThetaGradient.ToArray();
    }

    private static float[] Start(IInnerProblem problem)
    {
        float[] w = new float[problem.Layout.PaddedLength];
        var random = new RandomStream(1, RandomPurpose.InnerInitialization);
        problem.Initialize(ref random, w);
        return w;
    }

    private static float[] Diagonal(int n)
    {
        float[] matrix = new float[n * n];
        for (int i = 0; i < n; i++) matrix[i * (n + 1)] = 1e-3f * (1 + (i % 5));
        return matrix;
    }

    private static Truncation TruncationOf(
        IInnerProblem problem, IOuterTrainableOptimizer optimizer, float[] start, bool withoutEnd = false) =>
        new()
        {
            Problem = problem,
            Minibatches = new RandomMinibatches(problem.InputLength, Layers[^1]),
            W = start,
            M = new float[problem.Layout.PaddedLength * optimizer.StateVectors],
            StartStep = 4,
            Steps = Steps,
            WithoutEnd = withoutEnd,
        };

    private sealed class RandomMinibatches(int features, int classes) : IMinibatches
    {
        public Minibatch Inner(long t) => Draw(RandomPurpose.InnerMinibatch, t, 0);

        public Minibatch Outer(long t, int draw) => Draw(RandomPurpose.OuterMinibatch, t, draw);

        private Minibatch Draw(RandomPurpose purpose, long t, int draw)
        {
            if (features == 0) return default;
            var random = new RandomStream(7, purpose, t, draw);
            float[] x = new float[4 * features];
            int[] y = new int[4];
            random.FillNormal(x);
            for (int i = 0; i < y.Length; i++) y[i] = random.NextInt32(classes);
            return new Minibatch(x, y);
        }
    }
}
