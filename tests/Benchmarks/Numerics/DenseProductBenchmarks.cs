using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Benchmarks.Numerics;

/// <summary>relu(XW + b), [Rows, Depth] × [Depth, Columns]: the layers of 8×8 → 32 → 10 and of 14×14 → 128 → ….</summary>
public unsafe class DenseProductBenchmarks
{
    private AlignedBuffer[] _buffers = [];
    private DenseProduct _product;

    [Params("32x64x32", "32x32x16", "128x196x128")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        int[] n = [.. Shape.Split('x').Select(int.Parse)];
        _buffers = [Floats.Normal(n[0] * n[1]), Floats.Normal(n[1] * n[2]), new AlignedBuffer(n[0] * n[2]), Floats.Normal(n[2])];
        _product = new DenseProduct
        {
            Rows = n[0],
            Depth = n[1],
            Columns = n[2],
            A = _buffers[0].Pointer,
            ARowStride = n[1],
            ADepthStride = 1,
            B = _buffers[1].Pointer,
            BStride = n[2],
            C = _buffers[2].Pointer,
            CStride = n[2],
            Bias = _buffers[3].Pointer,
            Relu = true,
        };
    }

    [Benchmark(Baseline = true)]
    public void Scalar() => DenseKernels.MultiplyScalar(_product);

    [Benchmark]
    public void Narrow() => DenseKernels.MultiplyVector256(_product);

    [Benchmark]
    public void Multiply() => DenseKernels.Multiply(_product);
}
