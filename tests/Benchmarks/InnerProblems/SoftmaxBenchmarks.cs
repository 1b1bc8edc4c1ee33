using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Benchmarks.InnerProblems;

/// <summary>Softmax cross-entropy and δ of a minibatch with ten classes.</summary>
public unsafe class SoftmaxBenchmarks
{
    private const int Classes = 10;
    private readonly SoftmaxBatch _sut = new(Classes);
    private AlignedBuffer _logits = null!;
    private AlignedBuffer _work = null!;
    private int[] _labels = [];

    [Params(32, 128)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _logits = Floats.Normal(Rows * _sut.Stride);
        _work = new AlignedBuffer(_logits.Length);
        _labels = [.. Enumerable.Range(0, Rows).Select(i => i % Classes)];
    }

    [Benchmark(Baseline = true)]
    public double Scalar()
    {
        double loss = 0;
        Span<float> p = stackalloc float[Classes];
        for (int r = 0; r < Rows; r++)
        {
            var z = _logits.Span.Slice(r * _sut.Stride, Classes);
            float max = z[0], sum = 0;
            foreach (float x in z) max = Math.Max(max, x);
            for (int c = 0; c < Classes; c++) sum += p[c] = MathF.Exp(z[c] - max);
            for (int c = 0; c < Classes; c++) _work.Span[(r * _sut.Stride) + c] = ((p[c] / sum) - (c == _labels[r] ? 1 : 0)) / Rows;
            loss += MathF.Log(sum) + max - z[_labels[r]];
        }

        return loss / Rows;
    }

    [Benchmark]
    public double LossAndDelta()
    {
        _logits.Span.CopyTo(_work.Span);
        return _sut.LossAndDelta(_work.Pointer, _labels);
    }
}
