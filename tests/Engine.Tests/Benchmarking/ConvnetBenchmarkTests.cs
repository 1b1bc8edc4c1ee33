using LoptCluster.Engine.Benchmarking;
using Xunit;

namespace LoptCluster.Engine.Tests.Benchmarking;

/// <summary>That the benchmark measures something sane; how fast it is, it says itself (lopt bench).</summary>
public sealed class ConvnetBenchmarkTests
{
    [Fact]
    public void Measure_SmallMinibatch_GivesSharesBetweenNothingAndAll()
    {
        var result = ConvnetBenchmark.Measure(minibatchSize: 4, rounds: 3, default);
        Assert.True(result.FmaPeakGflops > 0.1);
        Assert.InRange(result.GradientShareOfPeak, 1e-4, 1.2);
        Assert.InRange(result.HvpShareOfPeak, 1e-4, 1.2);
    }
}
