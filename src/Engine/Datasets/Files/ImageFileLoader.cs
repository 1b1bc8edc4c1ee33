using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Reads a dataset's files into memory, at the size and with the channels that the specification asks for.</summary>
internal static class ImageFileLoader
{
    public static MemoryImageDataset Load(IImageFiles files, RunSpecification specification)
    {
        var shape = new ImageShape(
            specification.ImageSize == 0 ? files.StoredShape.Size : specification.ImageSize,
            specification.ImageChannels == 0 ? files.StoredShape.Channels : specification.ImageChannels);
        if (shape.Channels is not (1 or 3))
            throw new UserErrorException($"imageChannels = {shape.Channels}: images have 1 (grey) or 3 (colour); 0 leaves it to the files.");
        int[] counts = files.CountImages();
        byte[][] classes = new byte[files.ClassCount][];
        for (int i = 0; i < classes.Length; i++)
        {
            if ((long)counts[i] * shape.Length > Array.MaxLength)
                throw new UserErrorException(
                    $"imageSize = {shape.Size}: the {counts[i]:N0} images of class {i} of {files.Name} take more than 2 GB; choose a smaller size.");
            classes[i] = new byte[counts[i] * shape.Length];
        }

        int[] filled = new int[classes.Length];
        var converter = new ImageConverter(shape);
        files.ReadImages((classIndex, pixels, stored) =>
        {
            if (filled[classIndex] == counts[classIndex]) throw Changed(files);
            converter.Convert(pixels, stored, classes[classIndex].AsSpan(filled[classIndex]++ * shape.Length, shape.Length));
        });
        return filled.AsSpan().SequenceEqual(counts) ? new MemoryImageDataset(files.Name, shape, classes) : throw Changed(files);
    }

    private static UserErrorException Changed(IImageFiles files) =>
        new($"The files of {files.Name} changed while they were read: start again when they no longer do.");
}
