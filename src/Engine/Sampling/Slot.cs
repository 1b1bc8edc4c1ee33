using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Sampling;

/// <summary>One thread's engine: begins inner-problems, turns (state, θ) into gradient samples, replays lost states.</summary>
/// <remarks>
/// Not thread-safe; owns its arena (inner-problem, optimizer, truncation memory), which grows on first use. Many
/// <see cref="InnerState"/>s can take turns on one slot. A sample depends on the specification, the problem id, the truncation index,
/// the state and θ alone.
/// </remarks>
public sealed class Slot : IDisposable
{
    private readonly IInnerProblemSource _problems;
    private readonly TaskDistribution _tasks;
    private readonly TimeProvider _time;
    private readonly TruncationSchedule _schedule;
    private readonly TaskMinibatches _minibatches;
    private readonly Unroller _unroller;
    private readonly float[] _perturbation;
    private readonly float[] _theta;
    private readonly double[] _gradientRp;
    private readonly float[] _endW;
    private readonly float[] _endM;
    private long _problemId = -1;

    /// <param name="problems">Null: the engine's own.</param>
    public Slot(RunSpecification specification, IImageDataset dataset, TimeProvider? time = null, IInnerProblemSource? problems = null)
    {
        _problems = problems ?? InnerProblemFactory.BuiltIn;
        Specification = specification;
        Dataset = dataset;
        _time = time ?? TimeProvider.System;
        _tasks = new TaskDistribution(dataset, specification);
        _schedule = new TruncationSchedule(specification.TruncationFirst, specification.TruncationLast, specification.TruncationRampUpdates);
        _minibatches = new TaskMinibatches(_tasks.Sample(ClassSplit.OuterTrain, 0), specification.MinibatchSize, specification.Seed, 0);
        Problem = _problems.Create(specification, dataset.Shape, _tasks.ClassesPerTask);
        Optimizer = OptimizerFactory.Create(specification, Problem.Layout);
        _unroller = new Unroller(Problem.Layout, Optimizer, UnrollOptions.From(specification));
        _perturbation = new float[Optimizer.ThetaLength];
        _theta = new float[Optimizer.ThetaLength];
        _gradientRp = new double[Optimizer.ThetaLength];
        _endW = new float[Problem.Layout.PaddedLength];
        _endM = new float[Problem.Layout.PaddedLength * Optimizer.StateVectors];
    }

    public RunSpecification Specification { get; }

    public IImageDataset Dataset { get; }

    /// <summary>The inner-problem of the state that was worked on last.</summary>
    public IInnerProblem Problem { get; private set; }

    public ILearnedOptimizer Optimizer { get; }

    /// <summary>What a truncation of k steps keeps in memory.</summary>
    /// <exception cref="UserErrorException">The budget does not hold it.</exception>
    public TapePlan Plan(int steps) => _unroller.Plan(Problem, steps);

    /// <summary>The state at t = 0 of a problem of the outer-train split.</summary>
    public InnerState Begin(long problemId)
    {
        Enter(problemId);
        var random = new RandomStream(Specification.Seed, RandomPurpose.InnerInitialization, problemId);
        float[] w = new float[Problem.Layout.PaddedLength];
        Problem.Initialize(ref random, w);
        return new InnerState
        {
            ProblemId = problemId,
            Horizon = ProblemHorizon.Of(Specification, problemId),
            W = w,
            M = new float[Problem.Layout.PaddedLength * Optimizer.StateVectors],
        };
    }

    /// <summary>One truncation from <paramref name="state"/>, which moves to the end of its positive half.</summary>
    /// <remarks>
    /// Algorithm 1: e ~ N(0, σ²I); L± at θ ± e from the same state on the same minibatches; g_rp = ∇θ ½(L⁺ + L⁻), g_es = ½(L⁺ − L⁻) e / σ².
    /// A state that is no longer finite ends its problem: every later loss would be the constant cap, and say nothing about θ.
    /// </remarks>
    /// <param name="state">Moves only if the sample is complete.</param>
    /// <param name="theta">θ to sample at.</param>
    /// <param name="cancellation">Looked at every inner-step. When it is cancelled the state is left as it was.</param>
    public GradientSample Sample(InnerState state, ThetaSnapshot theta, CancellationToken cancellation)
    {
        long start = _time.GetTimestamp();
        Enter(state.ProblemId);
        int steps = StepsOf(state, theta.Version);
        var truncation = TruncationOf(state, steps);
        Perturb(state, theta);
        bool computesRp = RpChoice.Computes(Specification, theta, new SampleIdentity(state.ProblemId, state.NextTruncation));
        Array.Clear(_gradientRp);

        var rpTime = TimeSpan.Zero;
        double positive = Half(truncation, theta, +1, computesRp, ref rpTime, cancellation);
        _unroller.FinalW.CopyTo(_endW);
        _unroller.FinalM.CopyTo(_endM);
        double negative = Half(TruncationOf(state, steps, withoutEnd: true), theta, -1, computesRp, ref rpTime, cancellation);

        float[] gradientRp = computesRp ? RoundedRp() : [];
        bool rpValid = computesRp && AllFinite(gradientRp);
        bool finished = state.InnerStep + steps >= state.Horizon || !AllFinite(_endW);
        var sample = new GradientSample
        {
            Identity = new SampleIdentity(state.ProblemId, state.NextTruncation),
            ThetaVersion = theta.Version,
            StartStep = state.InnerStep,
            Steps = steps,
            PositiveLoss = positive,
            NegativeLoss = negative,
            RpComputed = computesRp,
            RpValid = rpValid,
            GradientRp = rpValid ? gradientRp : default(ReadOnlyMemory<float>),
            GradientEs = GradientEs(positive, negative),
            ProblemFinished = finished,
            Elapsed = _time.GetElapsedTime(start),
            ElapsedRp = rpTime,
        };
        Advance(state, steps, _endW, _endM);
        return sample;
    }

    /// <summary>
    /// Recomputes the positive half of a truncation that was sampled before, without its gradients: how another slot reaches the state that a
    /// lost one had. Bit for bit the same state.
    /// </summary>
    /// <param name="state">Moves to the truncation's end.</param>
    /// <param name="theta">θ that the sample was computed at.</param>
    /// <param name="steps">k of the sample.</param>
    /// <param name="cancellation">When it is cancelled the state is left as it was.</param>
    public void Replay(InnerState state, ThetaSnapshot theta, int steps, CancellationToken cancellation)
    {
        Enter(state.ProblemId);
        Perturb(state, theta);
        Shift(theta, +1);
        _unroller.Replay(TruncationOf(state, steps), _theta, cancellation);
        Advance(state, steps, _unroller.FinalW, _unroller.FinalM);
    }

    public void Dispose()
    {
        _unroller.Dispose();
        _minibatches.Dispose();
        Optimizer.Dispose();
        Problem.Dispose();
    }

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) return false;
        }

        return true;
    }

    private static void Advance(InnerState state, int steps, ReadOnlySpan<float> w, ReadOnlySpan<float> m)
    {
        w.CopyTo(state.W);
        m.CopyTo(state.M);
        state.InnerStep += steps;
        state.NextTruncation++;
    }

    /// <summary>Turns to another problem's task, if it is not the current one.</summary>
    private void Enter(long problemId)
    {
        if (problemId == _problemId) return;
        if (Specification.InnerProblem == InnerProblemKind.Quadratic)
        {
            Problem.Dispose();
            Problem = _problems.Create(Specification, Dataset.Shape, _tasks.ClassesPerTask, problemId);
        }

        _minibatches.SetTask(_tasks.Sample(ClassSplit.OuterTrain, problemId), Specification.Seed, problemId);
        _problemId = problemId;
    }

    private Truncation TruncationOf(InnerState state, int steps, bool withoutEnd = false) => new()
    {
        Problem = Problem,
        Minibatches = _minibatches,
        W = state.W,
        M = state.M,
        StartStep = state.InnerStep,
        Steps = steps,
        WithoutEnd = withoutEnd,
    };

    private int StepsOf(InnerState state, long thetaVersion)
    {
        var random = new RandomStream(Specification.Seed, RandomPurpose.TruncationJitter, state.ProblemId, state.NextTruncation);
        double factor = 1 + (Specification.TruncationJitter * ((2 * random.NextDouble()) - 1));
        return _schedule.Steps(thetaVersion, factor, state.Horizon - state.InnerStep);
    }

    /// <summary>Draws e of the state's next truncation.</summary>
    private void Perturb(InnerState state, ThetaSnapshot theta)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, _perturbation.Length);
        var random = new RandomStream(Specification.Seed, RandomPurpose.Perturbation, state.ProblemId, state.NextTruncation);
        random.FillNormal(_perturbation, Specification.PerturbationStd);
    }

    /// <summary>θ ± e.</summary>
    private void Shift(ThetaSnapshot theta, int sign)
    {
        var values = theta.Values.Span;
        for (int i = 0; i < _theta.Length; i++) _theta[i] = values[i] + (sign * _perturbation[i]);
    }

    private double Half(in Truncation truncation, ThetaSnapshot theta, int sign, bool computesRp, ref TimeSpan rpTime, CancellationToken cancellation)
    {
        Shift(theta, sign);
        if (!computesRp) return _unroller.Forward(truncation, _theta, cancellation);
        double loss = _unroller.ForwardTaped(truncation, _theta, cancellation);
        long start = _time.GetTimestamp();
        _unroller.Backward(truncation, _theta, cancellation);
        for (int i = 0; i < _gradientRp.Length; i++) _gradientRp[i] += _unroller.ThetaGradient[i];
        rpTime += _time.GetElapsedTime(start);
        return loss;
    }

    private float[] RoundedRp()
    {
        double factor = Specification.HalfFactor ? 0.5 : 1;
        float[] rounded = new float[_gradientRp.Length];
        for (int i = 0; i < rounded.Length; i++) rounded[i] = (float)(factor * _gradientRp[i]);
        return rounded;
    }

    private float[] GradientEs(double positive, double negative)
    {
        double coefficient = (Specification.HalfFactor ? 0.5 : 1) * (positive - negative) / (Specification.PerturbationStd * Specification.PerturbationStd);
        float[] gradient = new float[_perturbation.Length];
        for (int i = 0; i < gradient.Length; i++) gradient[i] = (float)(coefficient * _perturbation[i]);
        return gradient;
    }
}
