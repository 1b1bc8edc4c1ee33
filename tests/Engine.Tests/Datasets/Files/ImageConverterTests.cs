using CsCheck;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Files;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Files;

public sealed class ImageConverterTests
{
    [Fact]
    public void Convert_Half_AveragesBlocksOfFour()
    {
        byte[] pixels = [0, 10, 100, 100, 20, 30, 100, 104, 1, 1, 0, 255, 1, 1, 0, 255];
        Assert.Equal([15, 101, 1, 128], Convert(pixels, new(4, 1), new(2, 1)));
    }

    [Fact]
    public void Convert_ThreeToTwo_WeighsByCoveredArea()
    {
        // Each new pixel covers one and a half old ones: weights 2/3 and 1/3 each way.
        byte[] pixels = [90, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal([40, 0, 0, 0], Convert(pixels, new(3, 1), new(2, 1)));
    }

    [Fact]
    public void Convert_TwoToFour_InterpolatesBetweenCentres()
    {
        byte[] pixels = [0, 100, 0, 100];
        Assert.Equal([0, 25, 75, 100], Convert(pixels, new(2, 1), new(4, 1))[..4]);
    }

    [Fact]
    public void Convert_ColourToGrey_IsLuma() =>
        Assert.Equal([76, 150, 29, 255], Convert([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255], new(2, 3), new(2, 1)));

    [Fact]
    public void Convert_GreyToColour_Repeats() =>
        Assert.Equal([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], Convert([1, 2, 3, 4], new(2, 1), new(2, 3)));

    [Fact]
    public void Convert_AnySizes_KeepsOneColourAndTheRangeAndTheMean()
    {
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 20], Gen.Bool, Gen.Byte.Array[400 * 3]).Sample((from, to, colour, bytes) =>
        {
            ImageShape source = new(from, colour ? 3 : 1), target = new(to, source.Channels);
            byte[] pixels = bytes[..source.Length];
            byte[] converted = Convert(pixels, source, target);
            Assert.InRange(converted.Max(), 0, pixels.Max());
            Assert.InRange(converted.Min(), pixels.Min(), 255);
            if (to <= from) Assert.Equal(pixels.Average(p => (double)p), converted.Average(p => (double)p), 0.51);
            byte[] flat = [.. Enumerable.Repeat(bytes[0], source.Length)];
            Assert.All(Convert(flat, source, target), p => Assert.Equal(bytes[0], p));
        }, iter: 300);
    }

    private static byte[] Convert(byte[] pixels, ImageShape from, ImageShape to)
    {
        byte[] converted = new byte[to.Length];
        new ImageConverter(to).Convert(pixels, from, converted);
        return converted;
    }
}
