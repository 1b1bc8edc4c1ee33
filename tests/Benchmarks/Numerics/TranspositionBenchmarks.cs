using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Benchmarks.Numerics;

/// <summary>Wᵀ of an output layer with ten classes, and of a wide hidden layer.</summary>
public unsafe class TranspositionBenchmarks
{
    private AlignedBuffer _from = null!;
    private AlignedBuffer _to = null!;

    [Params(32, 128)]
    public int Rows { get; set; }

    [Params(10, 128)]
    public int Columns { get; set; }

    [GlobalSetup]
    public void Setup() => (_from, _to) = (Floats.Normal(Rows * Columns), new AlignedBuffer(Rows * Columns));

    [Benchmark(Baseline = true)]
    public void Scalar() => Transposition.TransposeScalar(_from.Pointer, Columns, Rows, Columns, _to.Pointer, Rows);

    [Benchmark]
    public void Transpose() => Transposition.Transpose(_from.Pointer, Columns, Rows, Columns, _to.Pointer, Rows);
}
