using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Files;

namespace LoptCluster.Engine.Tests.Datasets;

/// <summary>A dataset whose images say which they are: first byte the class, second the image.</summary>
internal static class NumberedImages
{
    public const int Size = 5;

    public static IImageDataset Create(params int[] imageCounts)
    {
        var shape = new ImageShape(Size, 1);
        byte[][] classes = new byte[imageCounts.Length][];
        for (int c = 0; c < classes.Length; c++)
        {
            classes[c] = new byte[imageCounts[c] * shape.Length];
            for (int i = 0; i < imageCounts[c]; i++)
                (classes[c][i * shape.Length], classes[c][(i * shape.Length) + 1]) = ((byte)c, (byte)i);
        }

        return new MemoryImageDataset("numbered", shape, classes);
    }

    /// <summary>(class, image) of a standardised row.</summary>
    public static (int Class, int Image) Read(IImageDataset dataset, ReadOnlySpan<float> row) => (
        (int)Math.Round((row[0] - dataset.Offset[0]) / dataset.Scale[0]),
        (int)Math.Round((row[1] - dataset.Offset[0]) / dataset.Scale[0]));
}
