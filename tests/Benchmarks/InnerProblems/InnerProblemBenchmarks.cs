using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Benchmarks.InnerProblems;

/// <summary>Loss, loss + gradient and Hessian-vector product of an inner-problem; a class for each family says which.</summary>
[MemoryDiagnoser]
public abstract class InnerProblemBenchmarks
{
    private IInnerProblem _problem = null!;
    private float[] _w = [];
    private float[] _v = [];
    private float[] _result = [];
    private float[] _inputs = [];
    private int[] _labels = [];

    [Benchmark(Baseline = true)]
    public double LossAndGradient() => _problem.LossAndGradient(_w, Batch, _result);

    [Benchmark]
    public double Loss() => _problem.Loss(_w, Batch);

    [Benchmark]
    public void HessianVectorProduct() => _problem.AddHessianVectorProduct(_w, _v, Batch, _result);

    [GlobalCleanup]
    public void Cleanup() => _problem.Dispose();

    protected void Use(IInnerProblem problem, int classes, int minibatchSize)
    {
        _problem = problem;
        var random = new RandomStream(1, RandomPurpose.InnerInitialization);
        (_w, _v, _result) = (
            new float[problem.Layout.PaddedLength], new float[problem.Layout.PaddedLength], new float[problem.Layout.PaddedLength]);
        problem.Initialize(ref random, _w);
        problem.Initialize(ref random, _v);
        _inputs = new float[minibatchSize * problem.InputLength];
        random.FillNormal(_inputs);
        _labels = [.. Enumerable.Range(0, minibatchSize).Select(i => i % classes)];
    }

    private Minibatch Batch => new(_inputs, _labels);
}
