using BenchmarkDotNet.Attributes;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Benchmarks.Randomness;

/// <summary>The normal numbers of one perturbation e, as a sample's g_es needs them on the coordinator.</summary>
public class NormalBenchmarks
{
    private readonly float[] _e = new float[608];

    [Benchmark(Baseline = true)]
    public void OneAfterAnother()
    {
        var random = new RandomStream(1, RandomPurpose.Perturbation);
        foreach (ref float x in _e.AsSpan()) x = (float)(random.NextNormal() * 0.01);
    }

    [Benchmark]
    public void ManyAtOnce() => new RandomStream(1, RandomPurpose.Perturbation).FillNormal(_e, 0.01);
}
