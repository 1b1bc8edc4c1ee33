using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Elementwise;

public sealed class DoubleMathTests
{
    /// <summary>Two units in the last place.</summary>
    private const double Relative = 4.5e-16;

    [Fact]
    public void Exp_OverItsRange_IsWithinTwoUlp()
    {
        for (double x = -707.9; x < 709.7; x += 0.0373)
        {
            double expected = Math.Exp(x);
            Assert.InRange(DoubleMath.Exp(x), expected * (1 - Relative), expected * (1 + Relative));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-708.1, 0)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(709.79, double.PositiveInfinity)]
    [InlineData(1e300, double.PositiveInfinity)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Exp_SpecialValues_AreExact(double x, double expected) => Assert.Equal(expected, DoubleMath.Exp(x));

    [Fact]
    public void CosPi_OverItsRange_IsClose()
    {
        for (int i = 0; i <= 1000; i++) Assert.Equal(Math.Cos(Math.PI * i / 1000), DoubleMath.CosPi(i / 1000.0), 1e-15);
        Assert.Equal((1.0, 0.0, -1.0), (DoubleMath.CosPi(0), DoubleMath.CosPi(0.5), DoubleMath.CosPi(1)));
    }

    [Fact]
    public void Tanh_OverItsRange_IsClose()
    {
        for (double x = -30; x < 30; x += 0.0037)
        {
            double expected = Math.Tanh(x);
            Assert.Equal(expected, DoubleMath.Tanh(Vector512.Create(x))[2], 1e-15);
        }
    }

    [Fact]
    public void Sum_EachPositionInTurn_CountsOnce()
    {
        for (int i = 0; i < 8; i++) Assert.Equal(2.5, DoubleMath.Sum(Vector512<double>.Zero.WithElement(i, 2.5)));
    }
}
