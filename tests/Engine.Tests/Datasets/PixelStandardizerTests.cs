using LoptCluster.Engine.Datasets;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets;

public sealed class PixelStandardizerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Convert_AllLengths_EqualsScalarTwinAndWritesNothingElse(int channels)
    {
        float[] scale = [0.5f, 0.013f, 7], offset = [-1, 2.7f, 0.1f];
        var standardizer = new PixelStandardizer(scale.AsSpan(0, channels), offset.AsSpan(0, channels));
        var random = new Random(1);
        for (int length = 0; length <= 256; length++)
        {
            byte[] pixels = new byte[length];
            random.NextBytes(pixels);
            float[] expected = new float[length + 20], actual = new float[length + 20];
            Array.Fill(expected, float.NaN);
            Array.Fill(actual, float.NaN);
            standardizer.ConvertScalar(pixels, expected);
            standardizer.Convert(pixels, actual);
            Assert.Equal(expected, actual);
            if (length > 4) Assert.Equal((pixels[4] * scale[4 % channels]) + offset[4 % channels], actual[4]);
        }
    }

    [Fact]
    public void Convert_OutputTooShort_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelStandardizer([1], [0]).Convert(new byte[17], new float[16]));

    [Fact]
    public void Constructor_TwoChannels_Throws() => Assert.Throws<ArgumentException>(() => new PixelStandardizer([1, 1], [0, 0]));
}
