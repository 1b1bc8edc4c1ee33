using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

public sealed class LionFamilyTests() : ScheduledFamilyContract(OptimizerFamilies.Lion, DoubleBaselines.Lion)
{
    [Fact]
    public void Update_AnyGradient_MovesByTheRateOrNotAtAll()
    {
        using var sut = Family.Create(new ParameterLayout(("a", [4])), Settings);
        float[] w = new float[16], m = new float[16], g = new float[16];
        (g[0], g[1], g[2]) = (1e-30f, -2000, -0f);
        sut.Update(Family.Theta.Point(("learningRate", 0.25), ("warmupShare", 0)), 0, g, w, m);
        Assert.Equal([-0.25f, 0.25f, 0, 0], w[..4]);
    }
}
