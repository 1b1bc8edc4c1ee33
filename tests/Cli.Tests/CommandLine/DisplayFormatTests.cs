using LoptCluster.Cli.CommandLine;
using Xunit;

namespace LoptCluster.Cli.Tests.CommandLine;

public sealed class DisplayFormatTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(0.0, "0")]
    [InlineData(1.1064, "1.106")]
    [InlineData(0.01239, "0.0124")]
    [InlineData(-0.5, "-0.500")]
    [InlineData(2084.4, "2,084")]
    [InlineData(1.3e-12, "1.3e-12")]
    [InlineData(4e65, "4e65")]
    public void Number_AnySize_IsShort(double? value, string expected) => Assert.Equal(expected, DisplayFormat.Number(value));

    [Theory]
    [InlineData(5, "0:05")]
    [InlineData(65, "1:05")]
    [InlineData(7209, "2:00:09")]
    [InlineData(3 * 86400 + 4 * 3600, "3 days 4 h")]
    public void Duration_AnyLength_IsShort(double seconds, string expected) =>
        Assert.Equal(expected, DisplayFormat.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.2, "under a second")]
    [InlineData(1, "about 0:01")]
    [InlineData(65, "about 1:05")]
    public void About_Estimate_IsNeverOfNoTime(double seconds, string expected) =>
        Assert.Equal(expected, DisplayFormat.About(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.9, 1.0, "10.0 % lower")]
    [InlineData(1.5, 1.0, "50.0 % higher")]
    public void Difference_Baseline_NamesTheDirection(double loss, double baseline, string expected) =>
        Assert.Equal(expected, DisplayFormat.Difference(loss, baseline));

    [Theory]
    [InlineData(0.181, "18.1 % lower")]
    [InlineData(-0.66, "66.0 % higher")]
    [InlineData(0, "0.0 % lower")]
    [InlineData(-1e6, "over 999 % higher")]
    [InlineData(double.NegativeInfinity, "over 999 % higher")]
    [InlineData(double.NaN, "–")]
    public void Improvement_OfEitherSign_IsNamedAndHasNone(double share, string expected) =>
        Assert.Equal(expected, DisplayFormat.Improvement(share));
}
