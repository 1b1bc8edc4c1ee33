using LoptCluster.Engine.OuterTraining;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class OuterMomentumTests : OuterOptimizerContract
{
    protected override IOuterOptimizer Optimizer { get; } = new OuterMomentum(0.5);

    /// <summary>μ = ½, rate ¼, gradients 2, 1, 0: v = 2, 2, 1; θ = 1 − ½, − ½, − ¼.</summary>
    [Fact]
    public void Step_Thrice_IsAsComputedByHand()
    {
        var (theta, state) = Optimizer.Step([1f], [2], 0.25, OuterOptimizerState.Zero(Optimizer, 1));
        Assert.Equal(0.5f, theta[0]);
        (theta, state) = Optimizer.Step(theta, [1], 0.25, state);
        Assert.Equal((0f, 2.0), (theta[0], state.Vectors[0][0]));
        (theta, state) = Optimizer.Step(theta, [0], 0.25, state);
        Assert.Equal((-0.25f, 1.0), (theta[0], state.Vectors[0][0]));
    }

    [Fact]
    public void Step_WithoutMomentum_IsSgd()
    {
        var plain = new OuterMomentum(0);
        OuterOptimizerState state = OuterOptimizerState.Zero(plain, 1), sgdState = OuterOptimizerState.Zero(new OuterSgd(), 1);
        float[] theta = [1f], sgd = [1f];
        foreach (double g in (double[])[0.3, -2, 7])
        {
            (theta, state) = plain.Step(theta, [g], 0.1, state);
            (sgd, sgdState) = new OuterSgd().Step(sgd, [g], 0.1, sgdState);
        }

        Assert.Equal(sgd, theta);
    }
}
