using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Trains networks of evaluation tasks with any optimizer, each from the same initial w and with the same minibatches.</summary>
/// <remarks>Owns its scratch memory: not thread-safe. Its results depend on the specification, the task and the optimizer alone.</remarks>
public sealed class InnerTrainer : IDisposable
{
    /// <summary>Problem id of evaluation task 0; ids of outer-training, counted from 0, never reach it.</summary>
    public const long FirstTaskId = 1L << 32;

    private const int MinStepsAtCap = 100;

    private readonly IInnerProblemSource _problems;
    private readonly RunSpecification _run;
    private readonly ProblemSettings _settings;
    private readonly CurveIntervals _intervals;
    private readonly TaskMinibatches _minibatches;
    private readonly InnerStepCounter _taken;
    private float[] _inputs = [];
    private int[] _labels = [];
    private float[] _start = [];
    private float[] _w = [];
    private float[] _gradient = [];
    private float[] _state = [];
    private ProblemFunction _function;
    private IInnerProblem _problem;

    /// <param name="problems">Source of inner-problems; null: the engine's own.</param>
    /// <param name="taken">Counts the inner-steps of <see cref="Run"/>.</param>
    public InnerTrainer(
        RunSpecification specification, IRunImages images, IInnerProblemSource? problems = null, InnerStepCounter? taken = null)
    {
        _taken = taken ?? new InnerStepCounter();
        _problems = problems ?? InnerProblemFactory.BuiltIn;
        _run = specification;
        _settings = new ProblemSettings(specification, images);
        _intervals = CurveIntervals.Of(specification);
        Setting = _settings.Of(FirstTaskId);
        _minibatches = new TaskMinibatches(
            Setting.Tasks.Sample(ClassSplit.OuterTest, FirstTaskId), Setting.Specification.MinibatchSize, specification.Seed, FirstTaskId,
            TaskNoise.Of(Setting.Specification));
        _function = ProblemFunction.Of(_problems, Setting, FirstTaskId);
        _problem = _problems.Create(Setting, FirstTaskId);
        Reserve();
    }

    /// <summary>What the current task is.</summary>
    public ProblemSetting Setting { get; private set; }

    public ParameterLayout Layout => _problem.Layout;

    /// <summary>Selects the task of the runs that follow.</summary>
    public void Enter(ClassSplit split, int task)
    {
        long id = FirstTaskId + task;
        Setting = _settings.Of(id);
        var function = ProblemFunction.Of(_problems, Setting, id);
        if (function != _function)
        {
            _problem.Dispose();
            _problem = _problems.Create(Setting, id);
            _function = function;
            Reserve();
        }

        _minibatches.SetTask(
            Setting.Tasks.Sample(split, id), Setting.Specification.MinibatchSize, _run.Seed, id, TaskNoise.Of(Setting.Specification));
        var random = new RandomStream(_run.Seed, RandomPurpose.InnerInitialization, id);
        Array.Clear(_start);
        _problem.Initialize(ref random, _start);
    }

    /// <summary>Runs T inner-steps from the task's initial w.</summary>
    /// <remarks>
    /// All losses are at the optimizer's <see cref="IInnerOptimizer.EvaluationPoint"/>: that of the training minibatch too, which costs a
    /// further forward pass if the gradient was taken elsewhere.
    /// </remarks>
    /// <param name="toBeat">
    /// Best means of the same task's other learning rates; null: every step is run. A run that has diverged, and whose means can no
    /// longer be the best, is stopped: its missing losses count as the cap.
    /// </param>
    public InnerTraining Run(
        IInnerOptimizer optimizer, ReadOnlySpan<float> theta, CancellationToken cancellation, InnerTrainingLosses? toBeat = null)
    {
        int steps = Setting.Specification.InnerSteps;
        var train = new LossCurve(steps, _intervals, _run.LossCap);
        var valid = new LossCurve(steps, _intervals, _run.LossCap);
        Begin(optimizer);
        for (int t = 0; t < steps; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            double loss = _problem.LossAndGradient(_w, _minibatches.Inner(t), _gradient);
            // A w that is not finite stays so: the cap is the loss of all later steps.
            if (!double.IsFinite(loss) && !VectorKernels.AllFinite(_w)) break;
            var point = optimizer.EvaluationPoint(theta, _w, _state);
            train.Add(point == _w ? loss : _problem.Loss(point, _minibatches.Inner(t)));
            valid.Add(_problem.Loss(point, _minibatches.Outer(t, 0)));
            if (toBeat is { } best && IsLost(train, best.TrainMean) && IsLost(valid, best.ValidMean))
                return Given((_run.LossCap, double.NaN), (_run.LossCap, double.NaN));
            optimizer.Update(theta, t, _gradient, _w, _state);
            _taken.Add(1);
        }

        var end = optimizer.EvaluationPoint(theta, _w, _state);
        return Given(OfSplit(end, valid: false), OfSplit(end, valid: true));

        InnerTraining Given((double Loss, double Accuracy) trainEnd, (double Loss, double Accuracy) validEnd) => new(
            new InnerTrainingLosses(train.Finish(), trainEnd.Loss, valid.Finish(), validEnd.Loss)
            {
                TrainAccuracy = trainEnd.Accuracy,
                ValidAccuracy = validEnd.Accuracy,
            },
            train.Points,
            valid.Points);
    }

    /// <summary>Runs the first inner-steps of the task with <see cref="Run"/>'s numbers, and records them.</summary>
    /// <exception cref="UserErrorException">w does not stay finite.</exception>
    public void Record(IInnerOptimizer optimizer, ReadOnlySpan<float> theta, InnerTrace trace, CancellationToken cancellation)
    {
        Begin(optimizer);
        trace.Start(_w);
        for (int t = 0; t < trace.Steps; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            var train = _minibatches.Inner(t);
            trace.Train(t, train, _problem.LossAndGradient(_w, train, _gradient), _gradient);
            var valid = _minibatches.Outer(t, 0);
            trace.Valid(t, valid, _problem.Loss(_w, valid));
            optimizer.Update(theta, t, _gradient, _w, _state);
            if (!VectorKernels.AllFinite(_w))
                throw new UserErrorException($"The training diverges: w is not finite after inner-step {t}. Trace fewer inner-steps.");
        }

        trace.End(_w);
    }

    /// <summary>
    /// Times a block of gradients, each of another minibatch that is gathered in that time, and a block of updates, after a first step that
    /// does not count.
    /// </summary>
    /// <param name="steps">Number of gradients and of updates; past T they begin again.</param>
    /// <param name="clock">Time in seconds since any moment.</param>
    internal StepTime Time(IInnerOptimizer optimizer, ReadOnlySpan<float> theta, int steps, Func<double> clock)
    {
        int horizon = Setting.Specification.InnerSteps;
        Begin(optimizer);
        _problem.LossAndGradient(_w, _minibatches.Inner(0), _gradient);
        optimizer.Update(theta, 0, _gradient, _w, _state);
        double start = clock();
        for (int i = 0; i < steps; i++) _problem.LossAndGradient(_w, _minibatches.Inner(i % horizon), _gradient);
        double between = clock();
        for (int i = 0; i < steps; i++) optimizer.Update(theta, i % horizon, _gradient, _w, _state);
        return new StepTime((between - start) / steps, (clock() - between) / steps);
    }

    /// <summary>
    /// Whether a run has diverged (at the cap for a tenth of the horizon and at least 100 consecutive steps) and its mean can no
    /// longer be the best. Such a run is not known to recover and end below all others; the tests check for it.
    /// </summary>
    private bool IsLost(LossCurve losses, double bestMean) =>
        losses.StepsAtCap >= Math.Max(MinStepsAtCap, Setting.Specification.InnerSteps / 10) && losses.LeastMean > bestMean;

    public void Dispose()
    {
        _minibatches.Dispose();
        _problem.Dispose();
    }

    /// <summary>Sets w to the task's initial one, and the optimizer's state to zero.</summary>
    private void Begin(IInnerOptimizer optimizer)
    {
        _start.CopyTo(_w, 0);
        if (_state.Length != _w.Length * optimizer.StateVectors) _state = new float[_w.Length * optimizer.StateVectors];
        Array.Clear(_state);
    }

    /// <summary>Makes the scratch memory fit the current problem.</summary>
    private void Reserve()
    {
        int minibatch = Setting.Specification.MinibatchSize, length = Layout.PaddedLength;
        if (_labels.Length != minibatch) _labels = new int[minibatch];
        if (_inputs.Length != minibatch * Setting.Tasks.ImageShape.Length) _inputs = new float[minibatch * Setting.Tasks.ImageShape.Length];
        if (_w.Length == length) return;
        (_start, _w, _gradient) = (new float[length], new float[length], new float[length]);
    }

    /// <summary>Mean loss at w over a whole split, at most the cap, and the accuracy on it.</summary>
    private (double Loss, double Accuracy) OfSplit(ReadOnlySpan<float> w, bool valid)
    {
        if (_problem.InputLength == 0) return (Capped(_problem.Loss(w, default)), double.NaN);
        int count = _minibatches.SplitCount(valid), batches = (count + _labels.Length - 1) / _labels.Length, start = 0;
        double sum = 0, right = 0;
        for (int i = 1; i <= batches; i++)
        {
            // Of nearly equal size: batch normalization over one or two images left over would be another network.
            int rows = _minibatches.FillSplit(valid, start, (int)((long)count * i / batches) - start, _inputs, _labels);
            var (loss, accuracy) = _problem.LossAndAccuracy(
                w, new Minibatch(_inputs.AsSpan(0, rows * _problem.InputLength), _labels.AsSpan(0, rows)));
            sum += rows * loss;
            right += rows * accuracy;
            start += rows;
        }

        return (Capped(sum / count), right / count);
    }

    private double Capped(double loss) => loss < _run.LossCap ? loss : _run.LossCap;
}
