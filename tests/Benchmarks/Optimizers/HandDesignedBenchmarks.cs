using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Optimizers.HandDesigned;

namespace LoptCluster.Benchmarks.Optimizers;

/// <summary>One update of all the convnet's parameters.</summary>
public class HandDesignedBenchmarks
{
    private const int Length = 19_728;
    private const float Rate = 1e-3f;
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
    public void Adam() => HandDesignedKernels.Adam(Rate, (0.9f, 0.1f), (0.999f, 0.001f), 1e-8f, 1, 1, _g, _w, _m);

    [Benchmark]
    public void RmsProp() => HandDesignedKernels.RmsProp(Rate, 0.9f, 1e-8f, _g, _w, _m.AsSpan(0, Length));

    [Benchmark]
    public void Momentum() => HandDesignedKernels.Momentum(Rate, 0.9f, _g, _w, _m.AsSpan(0, Length));
}
