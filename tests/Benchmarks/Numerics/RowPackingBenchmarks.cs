using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Benchmarks.Numerics;

/// <summary>Rows of ten classes to rows of a whole vector and back, and the sum of rows that is a bias's gradient.</summary>
public unsafe class RowPackingBenchmarks
{
    private const int Classes = 10;
    private const int Stride = 16;
    private AlignedBuffer _dense = null!;
    private AlignedBuffer _padded = null!;
    private AlignedBuffer _sums = null!;

    [Params(32, 128)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup() =>
        (_dense, _padded, _sums) = (Floats.Normal(Rows * Classes), new AlignedBuffer(Rows * Stride), new AlignedBuffer(Stride));

    [Benchmark(Baseline = true)]
    public void PadScalar()
    {
        for (int r = 0; r < Rows; r++)
            for (int c = 0; c < Classes; c++) _padded.Pointer[(r * Stride) + c] = _dense.Pointer[(r * Classes) + c];
    }

    [Benchmark]
    public void Pad() => RowPacking.Pad(_dense.Pointer, Rows, Classes, _padded.Pointer, Stride);

    [Benchmark]
    public void Unpad() => RowPacking.Unpad(_padded.Pointer, Stride, Rows, Classes, _dense.Pointer, accumulate: false);

    [Benchmark]
    public void SumRows() => RowPacking.SumRows(_padded.Pointer, Stride, Rows, _sums.Pointer, accumulate: false);
}
