using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed class MlpOptimizerExtremesTests
{
    public static TheoryData<OptimizerKind, float> Gradients
    {
        get
        {
            var data = new TheoryData<OptimizerKind, float>();
            float[] values = [1e15f, 1e25f, 1e30f, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
            foreach (float value in values)
            {
                data.Add(OptimizerKind.Mlp16, value);
                data.Add(OptimizerKind.Mlp31, value);
            }

            return data;
        }
    }

    private static ParameterLayout Layout => new(("a", [40]), ("b", [10]));

    [Theory]
    [MemberData(nameof(Gradients))]
    public void UpdateAndPullback_GradientHugeOrNotFinite_KeepThePaddingZeroAndOtherTensorsFinite(OptimizerKind kind, float value)
    {
        using var sut = MlpOptimizerTests.CreateSut(kind, Layout);
        var c = new OptimizerCase(OptimizerFamilies.Of(kind), Layout);
        c.G[3] = value;
        c.Run(sut);
        Assert.All(c.Padded, v => VectorAssert.PaddingIsZero(Layout, v));
        var second = Layout.Tensors[1];
        Assert.All(c.Padded.SelectMany(v => v[second.Offset..(second.Offset + second.Length)]), x => Assert.True(float.IsFinite(x)));
    }

    /// <summary>A mean square of NaN spoils its tensor; one of ∞ has normaliser 0, and only 0 · ∞ is NaN.</summary>
    [Theory]
    [InlineData(float.NaN, 40)]
    [InlineData(float.PositiveInfinity, 1)]
    public void UpdateAndPullback_GradientNotFinite_IsSeenInParametersAndTheta(float value, int spoilt)
    {
        using var sut = MlpOptimizerTests.CreateSut(OptimizerKind.Mlp16, Layout);
        var c = new OptimizerCase(OptimizerFamilies.Mlp16, Layout);
        c.G[3] = value;
        c.Run(sut);
        Assert.True(float.IsNaN(c.WNext[3]));
        Assert.Equal(spoilt, c.WNext.Count(float.IsNaN));
        Assert.Contains(c.ThetaCotangent, x => !double.IsFinite(x));
    }

    [Theory]
    [InlineData(1e4f, float.NegativeInfinity)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(-1e4f, 0f)]
    public void Update_ExponentOutOfRange_HasFloatSemantics(float magnitude, float step)
    {
        using var sut = MlpOptimizerTests.CreateSut(OptimizerKind.Mlp16, Layout);
        var c = new OptimizerCase(OptimizerFamilies.Mlp16, Layout);
        Array.Clear(c.Theta);
        (c.Theta[608], c.Theta[609]) = (1, magnitude);
        sut.Update(c.Theta, 0, c.G, c.WNext, c.MNext);
        for (int i = 0; i < 40; i++) Assert.Equal(c.W[i] + step, c.WNext[i]);
        VectorAssert.PaddingIsZero(Layout, c.WNext);
    }

    /// <summary>Around 88.72 the result goes from a finite float to infinity and is never anything else.</summary>
    [Fact]
    public void Exp_AroundOverflow_IsRightOrInfinite()
    {
        float x = 88.0f;
        while (x < 89.5f)
        {
            float actual = MlpKernels.Exp(System.Runtime.Intrinsics.Vector512.Create(x))[7];
            double expected = Math.Exp(x);
            if (expected > float.MaxValue * (1 + 1e-6)) Assert.Equal(float.PositiveInfinity, actual);
            else if (expected < float.MaxValue * (1 - 1e-6)) Assert.InRange(actual, expected * (1 - 3e-7), expected * (1 + 3e-7));
            else Assert.True(actual > float.MaxValue * (1 - 1e-5), $"exp({x:R}) = {actual:R}");
            x = x is > 88.72f and < 88.725f ? MathF.BitIncrement(x) : x + 0.0009f;
        }
    }
}
