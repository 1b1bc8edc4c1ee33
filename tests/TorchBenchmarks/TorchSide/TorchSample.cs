using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;
using LoptCluster.TorchBenchmarks.EngineSide;
using TorchSharp;
using static TorchSharp.torch;

namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>
/// libtorch's side of one sample: both antithetic halves, g_rp by a tape over the whole unroll, or without g_rp and without a tape.
/// </summary>
/// <remarks>
/// Images are padded, floats and in the layout of the net before the clock starts; the inner-parameters are one vector; a dispose scope a
/// step frees what the tape does not hold; <see cref="TapeStyle"/> says the rest.
/// </remarks>
internal sealed class TorchSample : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly RunSpecification _specification;
    private readonly Variant _variant;
    private readonly TapeStyle _style;
    private readonly Scalar _one = 1;
    private readonly Scalar _minusOne = -1;
    private readonly Scalar _lossCap;
    private readonly ITorchNet _net;
    private readonly TorchLearnedOptimizer _optimizer;
    private readonly Tensor _theta;
    private readonly Tensor _perturbation;
    private readonly Tensor _w;
    private readonly Tensor _m;
    private readonly long _startStep;
    private readonly TorchMinibatches _inner;
    private readonly TorchMinibatches? _outer;

    public TorchSample(EngineSample engine, Variant variant, TapeStyle style)
    {
        _specification = engine.Specification;
        _variant = variant;
        _style = style;
        _lossCap = _specification.LossCap;
        var layout = engine.Problem.Layout;
        _net = engine.Problem is ConvnetProblem ? new TorchConvnet(Shape(engine), layout, variant.Layout) : new TorchFullyConnected(layout);
        _optimizer = new TorchLearnedOptimizer(
            _specification, style == TapeStyle.HandTuned ? new ProductNormalizer(layout) : new LoopNormalizer(layout));
        _theta = tensor(engine.Theta.ToArray());
        _perturbation = tensor(engine.Perturbation());
        _w = Flat(layout, engine.Start.Particles[0].W);
        _m = stack([.. engine.Start.Particles[0].M.Chunk(layout.PaddedLength).Select(m => Flat(layout, m))]);
        _startStep = engine.Start.InnerStep;
        bool valid = _specification.Objective == OuterObjective.Valid;
        using var minibatches = engine.Minibatches();
        _inner = TorchMinibatches.Copy(_net, Steps, i => Arrays(minibatches.Inner(_startStep + i)));
        _outer = valid ? TorchMinibatches.Copy(_net, Steps, i => Arrays(minibatches.Outer(_startStep + i, 0))) : null;
    }

    private int Steps => _specification.TruncationFirst;

    public TorchResult Run()
    {
        LibTorch.SetOneDnn(_variant.OneDnn);
        using var scope = NewDisposeScope();
        bool tapes = _specification.Estimator != Estimator.Es;
        var positive = tapes ? TapedHalf(+1) : PlainHalf(+1);
        var negative = tapes ? TapedHalf(-1) : PlainHalf(-1);
        double variance = _specification.PerturbationStd * _specification.PerturbationStd;
        float coefficient = (float)(0.5 * (positive.Loss - negative.Loss) / variance);
        return new TorchResult(
            positive.Loss,
            negative.Loss,
            [.. positive.Gradient.Zip(negative.Gradient, (p, n) => 0.5f * (p + n))],
            Array.ConvertAll(_perturbation.data<float>().ToArray(), e => coefficient * e),
            positive.W.data<float>().ToArray());
    }

    /// <summary>The engine's vector in padded layout as this side has it: to compare ends of samples.</summary>
    public float[] InThisOrder(ParameterLayout layout, ReadOnlySpan<float> padded)
    {
        using var flat = Flat(layout, padded);
        return flat.data<float>().ToArray();
    }

    public void Dispose() => _scope.Dispose();

    private static ConvnetShape Shape(EngineSample engine)
    {
        var s = engine.Specification;
        return new ConvnetShape(s.ImageSize, s.ImageChannels, s.ConvChannels, s.ConvStrides, s.TaskClasses);
    }

    private Half TapedHalf(int sign)
    {
        using var scope = NewDisposeScope();
        var theta = Theta(sign).requires_grad_();
        var parts = TorchLearnedOptimizer.Cut(theta);
        Tensor w = _w.detach().requires_grad_(), m = _m;
        var losses = new List<Tensor>();
        for (int i = 0; i < Steps; i++)
        {
            using var step = NewDisposeScope();
            bool reachesTheta = _style == TapeStyle.Tuned || (i > 0 && i < Steps - 1);
            var loss = Loss(_inner.At(i), w);
            var gradient = autograd.grad([loss], [w], retain_graph: true, create_graph: reachesTheta)[0];
            var outer = _outer is null ? loss : Loss(_outer.At(i), w);
            losses.Add(outer.clamp_max(_lossCap).MoveToOuterDisposeScope());
            (w, m) = _optimizer.Update(parts, _startStep + i, gradient, w, m);
            w.MoveToOuterDisposeScope();
            m.MoveToOuterDisposeScope();
        }

        var mean = stack(losses).mean();
        var thetaGradient = autograd.grad([mean], [theta])[0];
        return new Half(mean.item<float>(), w.detach().MoveToOuterDisposeScope(), thetaGradient.data<float>().ToArray());
    }

    private Half PlainHalf(int sign)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var parts = TorchLearnedOptimizer.Cut(Theta(sign));
        Tensor w = _w.detach(), m = _m;
        double sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            using var step = NewDisposeScope();
            w.requires_grad_();
            Tensor loss, gradient;
            using (enable_grad())
            {
                loss = Loss(_inner.At(i), w);
                gradient = autograd.grad([loss], [w])[0];
            }

            var outer = _outer is null ? loss : Loss(_outer.At(i), w);
            sum += Math.Min(outer.item<float>(), _specification.LossCap);
            (w, m) = _optimizer.Update(parts, _startStep + i, gradient, w.detach(), m);
            w.MoveToOuterDisposeScope();
            m.MoveToOuterDisposeScope();
        }

        return new Half(sum / Steps, w.MoveToOuterDisposeScope(), []);
    }

    /// <summary>Shifted parameters θ + e or θ − e.</summary>
    private Tensor Theta(int sign) => _theta.add(_perturbation, sign > 0 ? _one : _minusOne);

    private Tensor Loss((Tensor X, Tensor Y) minibatch, Tensor w) => _net.Loss(w, minibatch.X, minibatch.Y);

    private static (float[] Images, int[] Labels) Arrays(Minibatch minibatch) => (minibatch.Inputs.ToArray(), minibatch.Labels.ToArray());

    private Tensor Flat(ParameterLayout layout, ReadOnlySpan<float> padded)
    {
        float[] compact = new float[layout.Length];
        layout.Compact(padded, compact);
        return _net.Flat(compact);
    }

    private sealed record Half(double Loss, Tensor W, float[] Gradient);
}
