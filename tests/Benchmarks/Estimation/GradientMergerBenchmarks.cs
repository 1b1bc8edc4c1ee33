using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Benchmarks.Estimation;

/// <summary>Equation 1 over a batch, at the real |θ|.</summary>
[MemoryDiagnoser]
public class GradientMergerBenchmarks
{
    private IReadOnlyList<EstimatorGradient>[] _samples = [];

    [Params(610, 1_090)]
    public int ThetaLength { get; set; }

    [Params(8, 128)]
    public int Samples { get; set; }

    [GlobalSetup]
    public void Setup() => _samples =
    [
        .. Enumerable.Range(0, Samples).Select(i => new EstimatorGradient[]
        {
            new(EstimatorId.Rp, Floats.Normal(ThetaLength, 1 + i).Span.ToArray()),
            new(EstimatorId.Es, Floats.Normal(ThetaLength, 2 + i).Span.ToArray()),
        }),
    ];

    [Benchmark]
    public MergedGradient Merge() => GradientMerger.Merge(_samples, ThetaLength, EstimatorRegistry.Find(Estimator.Merged));
}
