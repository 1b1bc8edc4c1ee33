using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Benchmarks.Estimation;

/// <summary>Equation 1 over a batch, at the real |θ|.</summary>
[MemoryDiagnoser]
public class GradientMergerBenchmarks
{
    private GradientSample[] _samples = [];

    [Params(610, 1_090)]
    public int ThetaLength { get; set; }

    [Params(8, 128)]
    public int Samples { get; set; }

    [GlobalSetup]
    public void Setup() => _samples =
    [
        .. Enumerable.Range(0, Samples).Select(i => new GradientSample
        {
            Identity = new SampleIdentity(i, 0),
            ThetaVersion = 0,
            StartStep = 0,
            Steps = 20,
            PositiveLoss = 1,
            NegativeLoss = 1,
            RpComputed = true,
            RpValid = true,
            GradientRp = Floats.Normal(ThetaLength, 1 + i).Span.ToArray(),
            GradientEs = Floats.Normal(ThetaLength, 2 + i).Span.ToArray(),
            ProblemFinished = false,
        }),
    ];

    [Benchmark]
    public MergedGradient Merge() => GradientMerger.Merge(_samples, ThetaLength, Estimator.Merged);
}
