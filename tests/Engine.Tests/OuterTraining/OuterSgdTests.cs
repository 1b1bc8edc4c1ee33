using LoptCluster.Engine.OuterTraining;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class OuterSgdTests : OuterOptimizerContract
{
    protected override IOuterOptimizer Optimizer { get; } = new OuterSgd();

    [Fact]
    public void Step_MovesByRateTimesGradient()
    {
        var (first, state) = Optimizer.Step([1f, 2f], [0.5, -4], 0.25, OuterOptimizerState.Zero(Optimizer, 2));
        var (second, _) = Optimizer.Step(first, [0.5, 0], 0.5, state);
        Assert.Equal([0.875f, 3f], first);
        Assert.Equal([0.625f, 3f], second);
    }
}
