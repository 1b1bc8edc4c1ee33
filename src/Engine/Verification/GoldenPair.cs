using System.Text.Json;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>Both halves of a golden truncation. Vectors are compact.</summary>
internal sealed record GoldenPairSample(double PositiveLoss, double NegativeLoss, double[] GradientRp, float[] FinalW, float[] FinalM)
{
    /// <summary>½ (L⁺ − L⁻) e / σ².</summary>
    public double[] GradientEs(float[] e, double sigma)
    {
        double coefficient = 0.5 * (PositiveLoss - NegativeLoss) / (sigma * sigma);
        return [.. e.Select(x => coefficient * x)];
    }
}

/// <summary>Sets the engine up as a golden case describes it: problem, start, minibatches, the MLP optimizer of App. D.1.</summary>
internal sealed class GoldenPair : IDisposable
{
    private readonly IInnerProblem _problem;
    private readonly ILearnedOptimizer _optimizer;
    private readonly Unroller _unroller;
    private readonly GoldenMinibatches _minibatches;
    private readonly float[] _w;
    private readonly float[] _m;
    private readonly int _steps;
    private readonly long _startStep;

    /// <param name="root">Problem, data, start, k.</param>
    /// <param name="batches">inner_batches and outer_batches.</param>
    /// <param name="options">How L is measured.</param>
    public GoldenPair(JsonElement root, JsonElement batches, UnrollOptions options)
    {
        var start = root.GetProperty("start");
        _steps = root.GetProperty("k").GetInt32();
        _startStep = start.GetProperty("t0").GetInt64();
        var data = GoldenCase.Has(root, "data") ? root.GetProperty("data") : default;
        _minibatches = new GoldenMinibatches(data, batches.GetProperty("inner_batches"), batches.GetProperty("outer_batches"), _startStep);
        _problem = GoldenProblem.Create(root.GetProperty("problem"), Math.Max(1, _minibatches.Largest));
        _optimizer = OptimizerFactory.Create(new RunSpecification { Optimizer = OptimizerKind.Mlp16 }, _problem.Layout);
        _unroller = new Unroller(_problem.Layout, _optimizer, options);
        StartW = GoldenCase.Floats(start.GetProperty("w"));
        _w = ProblemCheck.Padded(_problem.Layout, StartW);
        _m = PaddedState(GoldenCase.Floats(start.GetProperty("m")));
    }

    public float[] StartW { get; }

    public GoldenPairSample Sample(float[] theta, float[] e)
    {
        var truncation = new Truncation { Problem = _problem, Minibatches = _minibatches, W = _w, M = _m, StartStep = _startStep, Steps = _steps };
        double[] gradient = new double[theta.Length];
        double positive = Half(truncation, [.. theta.Zip(e, (a, b) => a + b)], gradient);
        float[] w = new float[_problem.Layout.Length];
        _problem.Layout.Compact(_unroller.FinalW, w);
        float[] m = CompactState(_unroller.FinalM);
        double negative = Half(truncation, [.. theta.Zip(e, (a, b) => a - b)], gradient);
        return new GoldenPairSample(positive, negative, gradient, w, m);
    }

    public void Dispose()
    {
        _unroller.Dispose();
        _optimizer.Dispose();
        _problem.Dispose();
    }

    private double Half(in Truncation truncation, float[] theta, double[] gradient)
    {
        double loss = _unroller.ForwardTaped(truncation, theta);
        _unroller.Backward(truncation, theta);
        for (int i = 0; i < gradient.Length; i++) gradient[i] += 0.5 * _unroller.ThetaGradient[i];
        return loss;
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
