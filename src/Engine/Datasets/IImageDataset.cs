using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets;

/// <summary>Labelled images by class, one byte a number, shared read-only by all slots of a process.</summary>
/// <remarks>Thread-safe. A class may be made or read when it is first asked for.</remarks>
public interface IImageDataset : IRunImages
{
    ImageShape Shape { get; }

    int ClassCount { get; }

    /// <summary>A class as messages call it: its number, or the name of its folder.</summary>
    string ClassName(int classIndex) => $"{classIndex}";

    /// <summary>Images of class <paramref name="classIndex"/>.</summary>
    int ImageCount(int classIndex);

    /// <summary>All images of a class, one after the other: ImageCount × Shape.Length bytes.</summary>
    ReadOnlySpan<byte> ClassImages(int classIndex);

    /// <summary>Standardisation over the whole dataset, per channel: value = byte × Scale[c] + Offset[c].</summary>
    ReadOnlySpan<float> Scale { get; }

    ReadOnlySpan<float> Offset { get; }

    /// <summary>The dataset itself: without a mixture all problems draw from the same images.</summary>
    IImageDataset IRunImages.Of(RunSpecification problem) => this;
}
