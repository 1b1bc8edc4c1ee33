using LoptCluster.Engine.Optimizers;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers;

public sealed class HyperParameterTests
{
    public static TheoryData<string, double, double> Values => new()
    {
        { "ln x", 0.25, Math.Log(0.25) },
        { "ln(1 - x)", 0.25, Math.Log(0.75) },
        { "ln(1 - x)", 0.9999, Math.Log(1e-4) },
        { "x", 0, 0 },
        { "x", 0.25, 0.25 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void ToTheta_Value_IsTheFormulaAndComesBack(string formula, double value, double theta)
    {
        var sut = new HyperParameter("h", 0.1, Transform(formula));
        Assert.Equal(theta, sut.ToTheta(value), 1e-6 * Math.Abs(theta));
        Assert.Equal(value, sut.FromTheta(sut.ToTheta(value)), 1e-6 * value);
    }

    [Theory]
    [InlineData("ln x", 0)]
    [InlineData("ln x", -1)]
    [InlineData("ln(1 - x)", 1)]
    [InlineData("ln x", double.NaN)]
    public void ToTheta_ValueOutsideTheTransform_IsRefusedByName(string formula, double value)
    {
        var sut = new HyperParameter("h", 0.1, Transform(formula));
        Assert.Contains("h is kept in θ as", Assert.Throws<ArgumentOutOfRangeException>(() => sut.ToTheta(value)).Message);
    }

    /// <summary>The slope against a difference of the inverse.</summary>
    [Theory]
    [InlineData("ln x")]
    [InlineData("ln(1 - x)")]
    [InlineData("x")]
    public void Slope_AnyTheta_IsTheDerivativeOfTheValue(string formula)
    {
        var sut = Transform(formula);
        double difference = (sut.FromTheta(-2 + 1e-5) - sut.FromTheta(-2 - 1e-5)) / 2e-5;
        Assert.Equal(difference, sut.Slope(-2), 1e-9);
    }

    private static HyperParameterTransform Transform(string formula) =>
        new[] { HyperParameterTransform.Log, HyperParameterTransform.LogOneMinus, HyperParameterTransform.Identity }
            .Single(t => t.Formula == formula);
}
