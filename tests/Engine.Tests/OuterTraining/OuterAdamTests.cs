using LoptCluster.Engine.OuterTraining;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class OuterAdamTests : OuterOptimizerContract
{
    protected override IOuterOptimizer Optimizer { get; } = new OuterAdam(Beta1: 0.5, Beta2: 0.999, Epsilon: 1e-8);

    [Theory]
    [InlineData(1e-3)]
    [InlineData(-5.0)]
    public void Step_First_MovesByTheLearningRateAgainstTheSign(double gradient)
    {
        var (theta, state) = Optimizer.Step([1f], [gradient], 0.01, OuterOptimizerState.Zero(Optimizer, 1));
        Assert.Equal(1 - (0.01 * Math.Sign(gradient)), theta[0], 1e-6);
        Assert.Equal(gradient / 2, state.Vectors[0][0], 1e-12);
    }

    /// <summary>
    /// β1 = ½, β2 = ¾, gradients 1 and 3: m = 1.75, v = 2.4375; m̂ = m / ¾ = 7/3, v̂ = v / (7/16) = 39/7; θ = −0.1 (1 + m̂ / √v̂).
    /// </summary>
    [Fact]
    public void Step_Second_IsAsComputedByHand()
    {
        var adam = new OuterAdam(0.5, 0.75, 0);
        var (first, state) = adam.Step([0f], [1], 0.1, OuterOptimizerState.Zero(adam, 1));
        var (second, after) = adam.Step(first, [3], 0.1, state);
        Assert.Equal((1.75, 2.4375), (after.Vectors[0][0], after.Vectors[1][0]));
        Assert.Equal(-0.1 * (1 + (7.0 / 3 / Math.Sqrt(39.0 / 7))), second[0], 1e-7);
    }
}
