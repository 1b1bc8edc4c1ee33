using LoptCluster.Engine.OuterTraining;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class OuterAdamTests
{
    private static readonly OuterAdamOptions Options = new(LearningRate: 0.01, Beta1: 0.5, Beta2: 0.999, Epsilon: 1e-8);

    [Theory]
    [InlineData(1e-3)]
    [InlineData(-5.0)]
    public void Step_First_MovesByTheLearningRateAgainstTheSign(double gradient)
    {
        var (theta, state) = OuterAdam.Step([1f], [gradient], clip: 0, OuterAdamState.Zero(1), Options);
        Assert.Equal(1 - (0.01 * Math.Sign(gradient)), theta[0], 1e-6);
        Assert.Equal(1, state.Step);
    }

    [Fact]
    public void Step_Clip_CutsBeforeTheMoments()
    {
        var (_, state) = OuterAdam.Step([0f], [7.0], clip: 0.1, OuterAdamState.Zero(1), Options);
        Assert.Equal(0.05, state.First[0], 1e-12);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Step_GradientNotFinite_KeepsThetaFinite(double gradient)
    {
        var (theta, state) = OuterAdam.Step([1f, 1f], [gradient, 1], clip: 0.1, OuterAdamState.Zero(2), Options);
        Assert.Equal(1f, theta[0]);
        Assert.NotEqual(1f, theta[1]);
        Assert.True(double.IsFinite(state.First[0]));
    }

    [Fact]
    public void Step_LeavesItsInputsAlone()
    {
        float[] theta = [1f];
        var state = OuterAdamState.Zero(1);
        OuterAdam.Step(theta, [1], 0, state, Options);
        Assert.Equal(1f, theta[0]);
        Assert.Equal(0, state.First[0]);
    }
}
