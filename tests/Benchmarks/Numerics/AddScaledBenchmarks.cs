using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Benchmarks.Numerics;

/// <summary>y += a x over the convnet's parameters.</summary>
public class AddScaledBenchmarks
{
    private readonly AlignedBuffer _x = Floats.Normal(19_728);
    private readonly AlignedBuffer _y = new(19_728);

    [Benchmark(Baseline = true)]
    public void Scalar()
    {
        Span<float> x = _x.Span, y = _y.Span;
        for (int i = 0; i < x.Length; i++) y[i] = MathF.FusedMultiplyAdd(1e-3f, x[i], y[i]);
    }

    [Benchmark]
    public void AddScaled() => VectorKernels.AddScaled(1e-3f, _x.Span, _y.Span);
}
