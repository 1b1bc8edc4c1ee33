using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Benchmarks.Optimizers;

/// <summary>One update of all the convnet's parameters.</summary>
public class HandDesignedBenchmarks
{
    private const int Length = 19_728;
    private const float Rate = 1e-3f;
    private static readonly ParameterLayout Layout = new(("w", [Length]));
    private static readonly UpdateSettings Settings = new(InnerSteps: 10_000);
    private static readonly float[] AdamTheta =
        OptimizerFamilies.Adam.Theta.Point(), MomentumTheta = OptimizerFamilies.Momentum.Theta.Point();
    private static readonly float[] AdamWTheta = OptimizerFamilies.AdamW.Theta.Point(), LionTheta = OptimizerFamilies.Lion.Theta.Point();
    private static readonly float[] MuonTheta = OptimizerFamilies.Muon.Theta.Point();
    private static readonly float[] RmsPropTheta = OptimizerFamilies.RmsProp.Theta.Point();
    private static readonly float[] AdamRegDecayTheta = OptimizerFamilies.AdamRegDecay.Theta.Point();
    private readonly IInnerOptimizer _adam = OptimizerFamilies.Adam.Create(Layout, Settings);
    private readonly IInnerOptimizer _rmsProp = OptimizerFamilies.RmsProp.Create(Layout, Settings);
    private readonly IInnerOptimizer _adamRegDecay = OptimizerFamilies.AdamRegDecay.Create(Layout, Settings);
    private readonly IInnerOptimizer _momentum = OptimizerFamilies.Momentum.Create(Layout, Settings);
    private readonly IInnerOptimizer _adamW = OptimizerFamilies.AdamW.Create(Layout, Settings);
    private readonly IInnerOptimizer _scheduleFree = OptimizerFamilies.ScheduleFreeAdamW.Create(Layout, Settings);
    private readonly IInnerOptimizer _lion = OptimizerFamilies.Lion.Create(Layout, Settings);
    private readonly IInnerOptimizer _muon = OptimizerFamilies.Muon.Create(ConvnetShape.Paper.CreateLayout(), Settings);
    private readonly float[] _g = new float[Length];
    private readonly float[] _w = new float[Length];
    private readonly float[] _m = new float[2 * Length];

    public HandDesignedBenchmarks() => Floats.Normal(Length).Span.CopyTo(_g);

    [Benchmark(Baseline = true)]
    public void AdamScalar()
    {
        for (int i = 0; i < Length; i++)
        {
            float first = _m[i] = (0.9f * _m[i]) + (0.1f * _g[i]);
            float second = _m[Length + i] = (0.999f * _m[Length + i]) + (0.001f * _g[i] * _g[i]);
            _w[i] -= Rate * first / (MathF.Sqrt(second) + 1e-8f);
        }
    }

    [Benchmark]
    public void Adam() => _adam.Update(AdamTheta, 10, _g, _w, _m);

    [Benchmark]
    public void AdamW() => _adamW.Update(AdamWTheta, 10, _g, _w, _m);

    [Benchmark]
    public void ScheduleFreeAdamW() => _scheduleFree.Update(AdamWTheta, 10, _g, _w, _m);

    [Benchmark]
    public void Lion() => _lion.Update(LionTheta, 10, _g, _w, _m.AsSpan(0, Length));

    /// <summary>Two hidden kernels [288, 32], and AdamW for the rest.</summary>
    [Benchmark]
    public void Muon() => _muon.Update(MuonTheta, 10, _g, _w, _m);

    [Benchmark]
    public void AdamRegDecay() => _adamRegDecay.Update(AdamRegDecayTheta, 10, _g, _w, _m);

    [Benchmark]
    public void RmsProp() => _rmsProp.Update(RmsPropTheta, 10, _g, _w, _m.AsSpan(0, Length));

    [Benchmark]
    public void Momentum() => _momentum.Update(MomentumTheta, 10, _g, _w, _m.AsSpan(0, Length));
}
