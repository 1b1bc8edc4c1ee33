using System.Text.Json;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>
/// Sets the engine up as a golden case describes it: problem, start, minibatches; optimizer, estimator and unroller are production's.
/// </summary>
internal sealed class GoldenTruncation : IDisposable
{
    private static readonly EstimatorDefinition Estimator = EstimatorRegistry.Find(Shared.Specification.Estimator.Merged);

    private readonly IInnerProblem _problem;
    private readonly IOuterTrainableOptimizer _optimizer;
    private readonly Unroller _unroller;
    private readonly GoldenMinibatches _minibatches;
    private readonly float[] _w;
    private readonly float[] _m;
    private readonly int _steps;
    private readonly int _startStep;

    /// <param name="root">Problem, data, start, k.</param>
    /// <param name="batches">inner_batches and outer_batches.</param>
    /// <param name="options">How L is measured.</param>
    /// <param name="optimizer">Specification that selects the optimizer; null: the MLP of App. D.1.</param>
    public GoldenTruncation(JsonElement root, JsonElement batches, UnrollOptions options, RunSpecification? optimizer = null)
    {
        var start = root.GetProperty("start");
        _steps = root.GetProperty("k").GetInt32();
        _startStep = start.GetProperty("t0").GetInt32();
        var data = GoldenCase.Has(root, "data") ? root.GetProperty("data") : default;
        _minibatches = new GoldenMinibatches(data, batches.GetProperty("inner_batches"), batches.GetProperty("outer_batches"), _startStep);
        _problem = GoldenProblem.Create(root.GetProperty("problem"), Math.Max(1, _minibatches.Largest));
        _optimizer = OptimizerFactory.Create(optimizer ?? new RunSpecification { Optimizer = OptimizerKind.Mlp16 }, _problem.Layout);
        _unroller = new Unroller(_problem.Layout, _optimizer, options);
        StartW = GoldenCase.Floats(start.GetProperty("w"));
        _w = ProblemCheck.Padded(_problem.Layout, StartW);
        _m = GoldenCase.Has(start, "m")
            ? PaddedState(GoldenCase.Floats(start.GetProperty("m")))
            : new float[_problem.Layout.PaddedLength * _optimizer.StateVectors];
    }

    /// <summary>w at the start, compact.</summary>
    public float[] StartW { get; }

    /// <summary>The truncation as problem <paramref name="index"/>, with the perturbation that the options give for it.</summary>
    public GoldenSample Measure(float[] theta, EstimatorOptions options, int index = 0)
    {
        var state = new InnerState
        {
            ProblemId = index,
            Horizon = int.MaxValue,
            InnerStep = _startStep,
            Particles = [new Particle([.. _w], [.. _m])],
        };
        var sample = new GradientSample
        {
            Identity = state.NextSample,
            ThetaVersion = 0,
            StartStep = _startStep,
            Steps = _steps,
            Losses = [],
            ProblemFinished = false,
        };
        var request = new EstimatorRequest
        {
            State = state,
            Theta = theta,
            Steps = _steps,
            Problem = _problem,
            Minibatches = _minibatches,
            Unroller = _unroller,
            Gradients = Estimator.Measured,
        };
        var measurement = Estimator.Method.CreateEstimator(options, TimeProvider.System).Step(request, CancellationToken.None);
        float[] w = new float[_problem.Layout.Length];
        _problem.Layout.Compact(state.Particles[0].W, w);
        return new GoldenSample(
            sample with { Losses = measurement.Losses, Gradients = measurement.Gradients }, w, CompactState(state.Particles[0].M));
    }

    /// <summary>The truncation at θ itself: L, its gradient with respect to θ, and w at the end, compact.</summary>
    public (double Loss, double[] Gradient, float[] FinalW) Unroll(float[] theta)
    {
        var truncation = new Truncation
        {
            Problem = _problem,
            Minibatches = _minibatches,
            W = _w,
            M = _m,
            StartStep = _startStep,
            Steps = _steps,
        };
        double loss = _unroller.ForwardTaped(truncation, theta);
        float[] w = new float[_problem.Layout.Length];
        _problem.Layout.Compact(_unroller.FinalW, w);
        _unroller.Backward(truncation, theta);
        return (loss, _unroller.ThetaGradient.ToArray(), w);
    }

    public void Dispose()
    {
        _unroller.Dispose();
        _optimizer.Dispose();
        _problem.Dispose();
    }

    private float[] PaddedState(float[] compact)
    {
        var layout = _problem.Layout;
        float[] padded = new float[layout.PaddedLength * _optimizer.StateVectors];
        for (int v = 0; v < _optimizer.StateVectors; v++)
            layout.Pad(compact.AsSpan(v * layout.Length, layout.Length), padded.AsSpan(v * layout.PaddedLength, layout.PaddedLength));
        return padded;
    }

    private float[] CompactState(ReadOnlySpan<float> padded)
    {
        var layout = _problem.Layout;
        float[] compact = new float[layout.Length * _optimizer.StateVectors];
        for (int v = 0; v < _optimizer.StateVectors; v++)
            layout.Compact(padded.Slice(v * layout.PaddedLength, layout.PaddedLength), compact.AsSpan(v * layout.Length, layout.Length));
        return compact;
    }
}
