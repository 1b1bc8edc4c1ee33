using LoptCluster.Engine.Optimizers.Mlp;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed class TimeFeaturesTests
{
    private static readonly double[] Timescales = [3, 10, 30, 100, 300, 1e3, 3e3, 1e4, 3e5];

    [Fact]
    public void Fill_AnyStep_IsTanhToAFloatsPrecision()
    {
        float[] actual = new float[9];
        for (long t = 0; t < 400_000; t += 1 + (t / 50))
        {
            TimeFeatures.Fill(t, actual);
            for (int i = 0; i < 9; i++)
            {
                double expected = Math.Tanh((t / Timescales[i]) - 1);
                Assert.InRange(actual[i], expected - (1e-7 * Math.Abs(expected)), expected + (1e-7 * Math.Abs(expected)));
            }
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(5, 1000)]
    [InlineData(8, 300_000)]
    public void Fill_StepOfATimescale_IsZero(int feature, long t)
    {
        float[] actual = new float[9];
        TimeFeatures.Fill(t, actual);
        Assert.Equal(0, actual[feature]);
    }
}
