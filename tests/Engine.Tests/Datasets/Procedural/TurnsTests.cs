using LoptCluster.Engine.Datasets.Procedural;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Procedural;

public sealed class TurnsTests
{
    // Float rounding of the argument near ±4 turns is 2.4e-7 turns, 1.5e-6 radians.
    private const double Tolerance = 2e-6;

    [Fact]
    public void SinCos_FourTurnsEachWay_AgreesWithTheLibrary()
    {
        for (int i = -4_000; i <= 4_000; i++)
        {
            float t = i / 1_000f;
            var (sin, cos) = Turns.SinCos(t);
            Assert.Equal(Math.Sin(2 * Math.PI * t), sin, Tolerance);
            Assert.Equal(Math.Cos(2 * Math.PI * t), cos, Tolerance);
        }
    }

    [Fact]
    public void SinCos_Quarters_AreExact()
    {
        Assert.Equal((0f, 1f), Turns.SinCos(0));
        Assert.Equal((1f, 0f), Turns.SinCos(0.25f));
        Assert.Equal((0f, -1f), Turns.SinCos(0.5f));
        Assert.Equal((-1f, 0f), Turns.SinCos(-0.25f));
    }
}
