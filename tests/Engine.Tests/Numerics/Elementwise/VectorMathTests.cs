using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Elementwise;

public sealed class VectorMathTests
{
    /// <summary>Two units in the last place of a float.</summary>
    private const double Relative = 2.4e-7;

    [Fact]
    public void Exp_OverItsRange_IsWithinTwoUlp()
    {
        for (int i = -87_000; i <= 88_000; i += 7)
        {
            float x = i / 1000f;
            double expected = Math.Exp(x);
            Assert.InRange(VectorMath.Exp(Vector512.Create(x))[3], expected * (1 - Relative), expected * (1 + Relative));
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-1e30f, 0)]
    [InlineData(-100f, 0)]
    [InlineData(0f, 1)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_SpecialValues_AreExact(float x, float expected) => Assert.Equal(expected, VectorMath.Exp(Vector512.Create(x))[0]);

    [Fact]
    public void Exp_NaNWithPayload_IsNaN()
    {
        for (int payload = 1; payload < 512; payload++)
        {
            float nan = BitConverter.Int32BitsToSingle(0x7FC00000 | payload);
            Assert.True(float.IsNaN(VectorMath.Exp(Vector512.Create(nan))[0]));
        }
    }

    [Fact]
    public void Exp_OfEightFloats_HasTheBitsOfSixteen()
    {
        float[] special = [float.NegativeInfinity, -1e30f, -87.30001f, -87.3f, -87.29999f, -0f, 0f, float.Epsilon, 88.8f, 1e30f,
            float.PositiveInfinity, float.NaN];
        foreach (float x in special.Concat(Enumerable.Range(-88_000, 176_000).Select(i => i / 1000f)))
        {
            Assert.Equal(
                BitConverter.SingleToInt32Bits(
                    VectorMath.Exp(Vector512.Create(x))[6]), BitConverter.SingleToInt32Bits(VectorMath.Exp(Vector256.Create(x))[6]));
        }
    }

    [Fact]
    public void Log_OverItsRange_IsWithinTwoUlp()
    {
        for (float x = 1.2e-38f; x < 1e38f; x *= 1.0037f)
        {
            double expected = Math.Log(x);
            Assert.InRange(
                VectorMath.Log(Vector512.Create(x))[5],
                expected - (Relative * Math.Abs(expected)),
                expected + (Relative * Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(1f, 0f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Log_SpecialValues_AreExact(float x, float expected) => Assert.Equal(expected, VectorMath.Log(Vector512.Create(x))[0]);

    /// <summary>A cross-entropy is never negative: its sum of exponentials is at least e⁰ = 1.</summary>
    [Fact]
    public void Log_EveryFloatFromOneToFour_IsNotNegative()
    {
        int last = BitConverter.SingleToInt32Bits(4f);
        for (int bits = BitConverter.SingleToInt32Bits(1f); bits < last; bits += VectorMath.Lanes)
        {
            var logs = VectorMath.Log((Vector512.Create(bits) + Vector512<int>.Indices).AsSingle());
            if (!Vector512.GreaterThanOrEqualAll(logs, Vector512<float>.Zero)) Assert.Fail($"The logarithms from {bits:X} on are {logs}.");
        }
    }

    [Fact]
    public void SumAndMax_EachPositionInTurn_CountsOnce()
    {
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(2.5f, VectorMath.Sum(Vector512<float>.Zero.WithElement(i, 2.5f)));
            Assert.Equal(2.5f, VectorMath.Max(Vector512<float>.Zero.WithElement(i, 2.5f)));
            Assert.Equal(-1f, VectorMath.Max(Vector512.Create(-2f).WithElement(i, -1f)));
        }
    }
}
