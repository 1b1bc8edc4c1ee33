using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Loads dataset files into memory, with the image size and channels of the specification.</summary>
internal static class ImageFileLoader
{
    /// <param name="files">The files.</param>
    /// <param name="beside">What lies beside them and is not read; empty: nothing.</param>
    /// <param name="specification">Gives size and channels.</param>
    public static MemoryImageDataset Load(IImageFiles files, string beside, RunSpecification specification)
    {
        var shape = new ImageShape(
            specification.ImageSize == 0 ? files.StoredShape.Size : specification.ImageSize,
            specification.ImageChannels == 0 ? files.StoredShape.Channels : specification.ImageChannels);
        if (shape.Channels is not (1 or 3))
            throw new UserErrorException(
                $"imageChannels '{shape.Channels}' is not supported. Use 1 (grey), 3 (colour), or 0 to keep the files' own.");
        int[] counts = files.CountImages();
        byte[][] classes = new byte[files.ClassCount][];
        for (int i = 0; i < classes.Length; i++)
        {
            if ((long)counts[i] * shape.Length > Array.MaxLength)
                throw new UserErrorException(
                    $"imageSize '{shape.Size}' is too large: {counts[i]:N0} images of class {files.ClassName(i)} of {files.Name} exceed "
                    + "2 GB. Use a smaller size.");
            classes[i] = new byte[counts[i] * shape.Length];
        }

        int[] filled = new int[classes.Length];
        var converter = new ImageConverter(shape);
        files.ReadImages((classIndex, pixels, stored) =>
        {
            if (filled[classIndex] == counts[classIndex]) throw Changed(files);
            converter.Convert(pixels, stored, classes[classIndex].AsSpan(filled[classIndex]++ * shape.Length, shape.Length));
        });
        if (!filled.AsSpan().SequenceEqual(counts)) throw Changed(files);
        string leftOut = PrintableText.Of(LeftOut.Join(files.LeftOut, beside));
        return new MemoryImageDataset(PrintableText.Of(files.Name), shape, classes, leftOut, PrintableText.Of(files.Remark))
        {
            ClassNames = [.. Enumerable.Range(0, classes.Length).Select(i => PrintableText.Of(files.ClassName(i)))],
        };
    }

    private static UserErrorException Changed(IImageFiles files) =>
        new($"The files of {files.Name} changed while they were being read. Start again once they are complete.");
}
