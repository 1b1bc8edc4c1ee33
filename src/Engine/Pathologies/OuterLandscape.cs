using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Pathologies;

/// <summary>The outer-loss of one inner-training as a function of θ alone: initial w and minibatches are fixed (§2.3).</summary>
/// <remarks>Owns the problem, its minibatches and the optimizer; not thread-safe.</remarks>
public sealed class OuterLandscape : IDisposable
{
    private readonly IInnerProblem _problem;
    private readonly IMinibatches _minibatches;
    private readonly IOuterTrainableOptimizer _optimizer;
    private readonly Unroller _unroller;
    private readonly float[] _start;

    private OuterLandscape(
        IInnerProblem problem, IMinibatches minibatches, IOuterTrainableOptimizer optimizer, UnrollOptions options, ref RandomStream random)
    {
        _problem = problem;
        _minibatches = minibatches;
        _optimizer = optimizer;
        _unroller = new Unroller(problem.Layout, optimizer, options);
        _start = new float[problem.Layout.PaddedLength];
        problem.Initialize(ref random, _start);
    }

    /// <summary>Number of inner-parameters, padding included.</summary>
    public int Length => _start.Length;

    /// <summary>ℓ(w(T)) of the polynomial with two minima, from w(0) = −1.2 (Fig. 2a–c).</summary>
    public static OuterLandscape OfTwoMinima(IOuterTrainableFamily family)
    {
        var toy = new TwoMinimaProblem();
        var options = new UnrollOptions
        {
            Objective = OuterObjective.Train,
            LossAt = LossConvention.AfterUpdate,
            FinalLossOnly = true,
            LossCap = double.PositiveInfinity,
        };
        var random = default(RandomStream);
        return new OuterLandscape(
            toy, NoMinibatches.Instance, family.Create(toy.Layout, new UpdateSettings(InnerSteps: 1)), options, ref random);
    }

    /// <summary>The outer-objective of a specification on one of its outer-train problems (Fig. 2d–f).</summary>
    public static OuterLandscape OfTask(RunSpecification specification, IRunImages images, long problemId = 0)
    {
        var setting = new ProblemSettings(specification, images).Of(problemId);
        var minibatches = new TaskMinibatches(
            setting.Tasks.Sample(ClassSplit.OuterTrain, problemId), setting.Specification.MinibatchSize, specification.Seed, problemId,
            TaskNoise.Of(setting.Specification));
        var problem = InnerProblemFactory.BuiltIn.Create(setting, problemId);
        var random = new RandomStream(specification.Seed, RandomPurpose.InnerInitialization, problemId);
        return new OuterLandscape(
            problem, minibatches, OptimizerFactory.Create(setting, problem.Layout), UnrollOptions.From(setting.Specification), ref random);
    }

    /// <summary>L(θ) of this many inner-steps, in nats.</summary>
    public double Loss(ReadOnlySpan<float> theta, int steps, CancellationToken cancellation = default) =>
        _unroller.Forward(FromStart(steps), theta, cancellation);

    /// <summary>L(θ) and ∇θ L [|θ|], perhaps not finite.</summary>
    public (double Loss, double[] Gradient) LossAndGradient(
        ReadOnlySpan<float> theta, int steps, CancellationToken cancellation = default)
    {
        var truncation = FromStart(steps);
        double loss = _unroller.ForwardTaped(truncation, theta, cancellation);
        _unroller.Backward(truncation, theta, cancellation);
        return (loss, _unroller.ThetaGradient.ToArray());
    }

    /// <summary>Visits w(0), …, w(T), each [<see cref="Length"/>].</summary>
    /// <param name="visit">Takes t and w(t), which is valid during the call.</param>
    public void Follow(
        ReadOnlySpan<float> theta, int steps, Action<int, ReadOnlySpan<float>> visit, CancellationToken cancellation = default)
    {
        float[] w = [.. _start], m = new float[_start.Length * _optimizer.StateVectors];
        visit(0, w);
        for (int t = 0; t < steps; t++)
        {
            _unroller.Replay(From(w, m, t, steps: 1), theta, cancellation);
            _unroller.FinalW.CopyTo(w);
            _unroller.FinalM.CopyTo(m);
            visit(t + 1, w);
        }
    }

    public void Dispose()
    {
        _unroller.Dispose();
        _optimizer.Dispose();
        _problem.Dispose();
        (_minibatches as IDisposable)?.Dispose();
    }

    private Truncation FromStart(int steps) => From(_start, new float[_start.Length * _optimizer.StateVectors], 0, steps);

    private Truncation From(float[] w, float[] m, int startStep, int steps) => new()
    {
        Problem = _problem,
        Minibatches = _minibatches,
        W = w,
        M = m,
        StartStep = startStep,
        Steps = steps,
    };
}
