namespace LoptCluster.Engine.Datasets;

/// <summary>Shape of one image: [Size, Size, Channels], NHWC.</summary>
public readonly record struct ImageShape(int Size, int Channels)
{
    /// <summary>Number of floats in one image.</summary>
    public int Length => Size * Size * Channels;
}

/// <summary>Labelled images by class, one byte per value, shared read-only by all slots of a process.</summary>
/// <remarks>Thread-safe. A class may be generated or read when it is first requested.</remarks>
public interface IImageDataset
{
    /// <summary>Display text: "procedural", "CIFAR-10 (12,000 images)".</summary>
    string Description { get; }

    ImageShape Shape { get; }

    int ClassCount { get; }

    /// <summary>Number of images in class <paramref name="classIndex"/>.</summary>
    int ImageCount(int classIndex);

    /// <summary>All images of a class, one after the other: ImageCount × Shape.Length bytes.</summary>
    ReadOnlySpan<byte> ClassImages(int classIndex);

    /// <summary>Per-channel standardisation over the whole dataset: value = byte × Scale[c] + Offset[c].</summary>
    ReadOnlySpan<float> Scale { get; }

    ReadOnlySpan<float> Offset { get; }

    /// <summary>Hex digest of the dataset's content: workers with equal fingerprints compute the same samples.</summary>
    string Fingerprint { get; }
}
