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
        // How long a step takes depends on what else the machine does: `lopt bench` shows it, no test holds it.
        Assert.All(times.SelectMany(t => t.Steps.Concat(t.Updates)), seconds => Assert.InRange(seconds, double.Epsilon, double.MaxValue));
    }

    [Fact]
    public void Measure_Cancelled_Throws()
    {
        using var problem = PaperProblems.All[^2].Create(1);
        Assert.ThrowsAny<OperationCanceledException>(
            () => OptimizerTimes.Measure(problem, [OptimizerFamilies.Sgd], rounds: 1, new CancellationToken(true)));
    }
}
