namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Takes an image: [y, x, channel] bytes of the given shape.</summary>
internal delegate void ImageSink(int classIndex, ReadOnlySpan<byte> pixels, ImageShape shape);

/// <summary>A dataset on disk, checked as it is read; what is wrong with it is a <see cref="Shared.UserErrorException"/>.</summary>
internal interface IImageFiles
{
    /// <summary>Name of the format as people write it, such as "CIFAR-10".</summary>
    string Name { get; }

    int ClassCount { get; }

    /// <summary>Shape of the images as they are stored; of a folder, that of its first image.</summary>
    ImageShape StoredShape { get; }

    /// <summary>Images of each class.</summary>
    int[] CountImages();

    /// <summary>
    /// Hands on every image, those of one class in a fixed order and by one thread; different classes may come from different threads.
    /// </summary>
    void ReadImages(ImageSink sink);
}
