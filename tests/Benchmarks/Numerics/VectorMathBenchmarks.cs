using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Benchmarks.Numerics;

/// <summary>exp of 1,024 floats: the C library, the framework's vectors, ours (which alone has the same bits on every machine).</summary>
public unsafe class VectorMathBenchmarks
{
    private const int Length = 1024;
    private readonly AlignedBuffer _x = Floats.Normal(Length);
    private readonly AlignedBuffer _y = new(Length);

    [Benchmark(Baseline = true)]
    public void Scalar()
    {
        for (int i = 0; i < Length; i++) _y.Pointer[i] = MathF.Exp(_x.Pointer[i]);
    }

    [Benchmark]
    public void Framework()
    {
        for (int i = 0; i < Length; i += 16) Vector512.Exp(Vector512.Load(_x.Pointer + i)).Store(_y.Pointer + i);
    }

    [Benchmark]
    public void Exp()
    {
        for (int i = 0; i < Length; i += 16) VectorMath.Exp(Vector512.Load(_x.Pointer + i)).Store(_y.Pointer + i);
    }
}
