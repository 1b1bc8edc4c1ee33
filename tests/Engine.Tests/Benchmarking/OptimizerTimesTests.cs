using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Optimizers;
using Xunit;

namespace LoptCluster.Engine.Tests.Benchmarking;

public sealed class OptimizerTimesTests
{
    [Fact]
    public void Measure_SeveralOptimizers_HasEveryRoundOfEach()
    {
        using var problem = PaperProblems.All[^2].Create(8);

        var times = OptimizerTimes.Measure(
            problem, [OptimizerFamilies.Sgd, OptimizerFamilies.Adam, OptimizerFamilies.Mlp16], rounds: 5, default);

        Assert.Equal(3, times.Length);
        Assert.All(times, t => Assert.Equal([5, 5], [t.Steps.Count, t.Updates.Count]));
        Assert.All(times.SelectMany(t => t.Steps.Concat(t.Updates)), seconds => Assert.InRange(seconds, 1e-8, 1e-2));

        // The MLP computes some hundred operations per parameter, SGD one. The fastest round is that of the least other load.
        Assert.True(times[2].Updates.Min() > 5 * times[0].Updates.Min(), $"{times[2].Updates.Min()} s against {times[0].Updates.Min()} s");
        Assert.True(times[2].Steps.Min() > times[2].Updates.Min());
    }

    [Fact]
    public void Measure_Cancelled_Throws()
    {
        using var problem = PaperProblems.All[^2].Create(1);
        Assert.ThrowsAny<OperationCanceledException>(
            () => OptimizerTimes.Measure(problem, [OptimizerFamilies.Sgd], rounds: 1, new CancellationToken(true)));
    }
}
