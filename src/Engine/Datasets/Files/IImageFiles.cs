namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Receives one image: its class and its [y, x, channel] bytes of the given shape.</summary>
internal delegate void ImageSink(int classIndex, ReadOnlySpan<byte> pixels, ImageShape shape);

/// <summary>Dataset on disk that is checked as it is read; a defect is reported as a <see cref="Shared.UserErrorException"/>.</summary>
internal interface IImageFiles
{
    /// <summary>Display name, such as "CIFAR-10".</summary>
    string Name { get; }

    int ClassCount { get; }

    /// <summary>Shape of the images as they are stored; for a folder, the size of its first image, and colour if one is.</summary>
    ImageShape StoredShape { get; }

    /// <summary>Files that are read.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>Files, by name or path, that belong to those that are read, and hold no images of their own.</summary>
    IReadOnlyList<string> Companions => [];

    /// <summary>What is there and not read, counted or named, once the images have been read; empty: nothing.</summary>
    string LeftOut => "";

    /// <summary>What is worth knowing of what is read, once the images have been read; empty: nothing.</summary>
    string Remark => "";

    /// <summary>A class as messages call it: its number, or the name of its folder.</summary>
    string ClassName(int classIndex) => $"{classIndex}";

    /// <summary>Number of images in each class.</summary>
    int[] CountImages();

    /// <summary>
    /// Passes every image to <paramref name="sink"/>. The images of one class come in a fixed order on one thread; classes may come from
    /// different threads.
    /// </summary>
    void ReadImages(ImageSink sink);
}
