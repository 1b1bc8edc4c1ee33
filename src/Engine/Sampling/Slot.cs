using System.Collections.Immutable;
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

/// <summary>
/// The engine of one thread: decides which problem is unrolled, on which task, for how many steps, and when the problem ends.
/// </summary>
/// <remarks>
/// Not thread-safe; owns its arenas (inner-problem, optimizer, truncation memory), which grow on first use. Many <see cref="InnerState"/>s
/// can take turns on one slot. What is measured on a truncation is the matter of its <see cref="IGradientEstimator"/>. A sample depends on
/// the specification, the problem id, the truncation index, the state and θ alone.
/// </remarks>
public sealed class Slot : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ProblemSettings _settings;
    private readonly TruncationLengths _lengths;
    private readonly ProblemHorizon _horizon;
    private readonly MeasurementChoice _choice;
    private readonly TaskMinibatches _minibatches;
    private readonly UnrollArenas _arenas;
    private readonly EstimatorDefinition _definition;
    private readonly IGradientEstimator _estimator;
    private UnrollArena _arena;
    private ProblemSetting _setting;
    private long _problemId = -1;

    /// <param name="specification">The run.</param>
    /// <param name="images">Images of the run.</param>
    /// <param name="time">Clock of the samples; null: the system's.</param>
    /// <param name="problems">Source of inner-problems; null: the engine's own.</param>
    public Slot(RunSpecification specification, IRunImages images, TimeProvider? time = null, IInnerProblemSource? problems = null)
    {
        Specification = specification;
        Images = images;
        _time = time ?? TimeProvider.System;
        _settings = new ProblemSettings(specification, images);
        _setting = _settings.Of(0);
        _lengths = new TruncationLengths(specification);
        _horizon = ProblemHorizon.From(specification);
        _choice = MeasurementChoice.From(specification);
        // A run that only compares may have no outer-train classes; a problem that is begun sets its own task.
        var split = specification.OuterTrainShare > 0 ? ClassSplit.OuterTrain : ClassSplit.OuterTest;
        _minibatches = new TaskMinibatches(
            _setting.Tasks.Sample(split, 0), _setting.Specification.MinibatchSize, specification.Seed, 0,
            TaskNoise.Of(_setting.Specification));
        _arenas = new UnrollArenas(specification, problems ?? InnerProblemFactory.BuiltIn);
        _arena = _arenas.Enter(_setting, 0);
        _definition = EstimatorRegistry.Find(specification.Estimator);
        _estimator = _definition.Method.CreateEstimator(EstimatorOptions.From(specification, Optimizer.ThetaLength), _time);
    }

    public RunSpecification Specification { get; }

    public IRunImages Images { get; }

    /// <summary>The inner-problem of the state that was worked on last.</summary>
    public IInnerProblem Problem => _arena.Problem;

    /// <summary>The optimizer for the layout of that inner-problem.</summary>
    public IOuterTrainableOptimizer Optimizer => _arena.Optimizer;

    /// <summary>
    /// Identity of the layouts of w that problems of the run have. Two programs that differ in it do not compute the same.
    /// </summary>
    public string LayoutFingerprint() => _arenas.LayoutFingerprint(_settings.Corners());

    /// <summary><see cref="LayoutFingerprint"/> of a slot with the engine's own inner-problems, without the memory of one.</summary>
    /// <exception cref="UserErrorException">A dataset is too small for a task.</exception>
    public static string LayoutFingerprintOf(RunSpecification specification, IRunImages images)
    {
        using var arenas = new UnrollArenas(specification, InnerProblemFactory.BuiltIn);
        return arenas.LayoutFingerprint(new ProblemSettings(specification, images).Corners());
    }

    /// <summary>What a truncation of k steps of <see cref="Problem"/> keeps in memory.</summary>
    /// <exception cref="UserErrorException">The budget does not hold it.</exception>
    public TapePlan Plan(int steps) => _arena.Unroller.Plan(Problem, steps);

    /// <summary>Plans of the longest truncations at the corners of what problems of the run can be.</summary>
    /// <exception cref="UserErrorException">The budget does not hold one of them.</exception>
    public IEnumerable<LongestTruncation> LongestTruncations() => _settings.Corners().Select(_arenas.LongestTruncation);

    /// <summary>The state at t = 0 of a problem of the outer-train split.</summary>
    public InnerState Begin(long problemId)
    {
        Enter(problemId);
        var random = new RandomStream(Specification.Seed, RandomPurpose.InnerInitialization, problemId);
        float[] w = new float[Problem.Layout.PaddedLength];
        Problem.Initialize(ref random, w);
        return _estimator.Begin(problemId, Horizon, w, Optimizer.StateVectors);
    }

    /// <summary>Whether this slot can continue from a state that was made elsewhere.</summary>
    /// <returns>Why it cannot, as a clause for people; null if it can.</returns>
    public string? MismatchOf(InnerState state)
    {
        Enter(state.ProblemId);
        int horizon = Horizon;
        return state.Horizon == horizon
            ? _definition.StateShape(Optimizer.StateVectors, Problem.Layout.PaddedLength).MismatchOf(state)
            : $"its horizon is {state.Horizon} instead of {horizon}";
    }

    /// <summary>Measures the next truncation of a state, which moves to the truncation's end.</summary>
    /// <param name="state">Moves only if the sample is complete.</param>
    /// <param name="theta">θ to measure at, and what it asks of its samples.</param>
    /// <param name="cancellation">Checked at every inner-step. A cancelled call leaves the state as it was.</param>
    public GradientSample Measure(InnerState state, PublishedTheta theta, CancellationToken cancellation)
    {
        long start = _time.GetTimestamp();
        Enter(state.ProblemId);
        var (identity, startStep) = (state.NextSample, state.InnerStep);
        int steps = _lengths.Of(identity, theta.Version, theta.Plan, state.Horizon - startStep);
        var request = Request(state, theta.Theta, steps, _choice.Of(theta.Plan, theta.Version, identity));
        var measurement = _estimator.Step(request, cancellation);
        return new GradientSample
        {
            Identity = identity,
            ThetaVersion = theta.Version,
            StartStep = startStep,
            Steps = steps,
            Losses = measurement.Losses,
            Gradients = measurement.Gradients,
            ProblemFinished = state.Finished || !measurement.StateIsFinite,
            Elapsed = _time.GetElapsedTime(start),
        };
    }

    /// <summary>
    /// Recomputes a truncation that was measured before, without its gradients: how another slot reaches the state that a lost one had.
    /// </summary>
    /// <param name="state">Moves to the truncation's end; bit for bit the same state.</param>
    /// <param name="theta">θ that the sample was computed at.</param>
    /// <param name="steps">k of the sample.</param>
    /// <param name="cancellation">Checked at every inner-step. A cancelled call leaves the state as it was.</param>
    public void Recompute(InnerState state, ThetaSnapshot theta, int steps, CancellationToken cancellation)
    {
        Enter(state.ProblemId);
        _estimator.Advance(Request(state, theta, steps, []), cancellation);
    }

    public void Dispose()
    {
        _arenas.Dispose();
        _minibatches.Dispose();
    }

    /// <summary>Horizon of the current problem.</summary>
    private int Horizon => _horizon.Of(_problemId, _setting.Specification.InnerSteps);

    /// <summary>Turns to another problem and its task, if it is not the current one.</summary>
    private void Enter(long problemId)
    {
        if (problemId == _problemId) return;
        _setting = _settings.Of(problemId);
        _arena = _arenas.Enter(_setting, problemId);
        _minibatches.SetTask(
            _setting.Tasks.Sample(ClassSplit.OuterTrain, problemId), _setting.Specification.MinibatchSize, Specification.Seed, problemId,
            TaskNoise.Of(_setting.Specification));
        _problemId = problemId;
    }

    private EstimatorRequest Request(InnerState state, ThetaSnapshot theta, int steps, ImmutableArray<EstimatorId> gradients) => new()
    {
        State = state,
        Theta = theta.Values.Span,
        Steps = steps,
        Problem = Problem,
        Minibatches = _minibatches,
        Unroller = _arena.Unroller,
        Gradients = gradients,
    };
}
