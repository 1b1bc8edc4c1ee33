using CsCheck;
using LoptCluster.Engine.OuterTraining;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

/// <summary>What every outer-optimizer must do, whatever its rule.</summary>
public abstract class OuterOptimizerContract
{
    private static readonly Gen<double> Element = Gen.Double[-10, 10];

    protected abstract IOuterOptimizer Optimizer { get; }

    [Fact]
    public void Step_LeavesItsInputsAlone()
    {
        float[] theta = [1f];
        double[] gradient = [1];
        var state = OuterOptimizerState.Zero(Optimizer, 1);
        Optimizer.Step(theta, gradient, 0.1, state);
        Assert.Equal((1f, 1.0, 0L), (theta[0], gradient[0], state.Step));
        Assert.All(state.Vectors, v => Assert.Equal([0.0], v));
    }

    [Fact]
    public void Step_CountsAndKeepsItsVectors()
    {
        var (theta, state) = Optimizer.Step([1f, 2f], [1, -1], 0.1, OuterOptimizerState.Zero(Optimizer, 2));
        Assert.Equal((2, 1L, Optimizer.StateVectors), (theta.Length, state.Step, state.Vectors.Length));
        Assert.All(state.Vectors, v => Assert.Equal(2, v.Length));
    }

    /// <summary>Each element moves by its own gradients alone, against their sign if they all have one.</summary>
    [Fact]
    public void Step_MovesEachElementByItself_AgainstItsGradient() =>
        Gen.Select(Element.Array[1, 5], Element.Array[1, 5]).Sample((a, b) =>
        {
            int steps = Math.Min(a.Length, b.Length);
            float[] both = [0.5f, -0.25f], alone = [0.5f];
            OuterOptimizerState ofBoth = OuterOptimizerState.Zero(Optimizer, 2), ofOne = OuterOptimizerState.Zero(Optimizer, 1);
            for (int i = 0; i < steps; i++)
            {
                (both, ofBoth) = Optimizer.Step(both, [a[i], Math.Abs(b[i])], 0.01, ofBoth);
                (alone, ofOne) = Optimizer.Step(alone, [a[i]], 0.01, ofOne);
            }

            Assert.Equal(alone[0], both[0]);
            Assert.True(both[1] <= -0.25f);
        });

    [Fact]
    public void Step_RateZero_MovesNothing() => Element.Sample(g =>
    {
        var (theta, _) = Optimizer.Step([0.75f], [g], 0, OuterOptimizerState.Zero(Optimizer, 1));
        Assert.Equal(0.75f, theta[0]);
    });

    [Fact]
    public void Step_AnotherLength_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => Optimizer.Step([1f, 2f], [1], 0.1, OuterOptimizerState.Zero(Optimizer, 2)));
}
