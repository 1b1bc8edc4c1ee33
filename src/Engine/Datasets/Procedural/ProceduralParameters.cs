using System.Globalization;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>Parameters of the procedural images. The run's seed is not one of them: all runs share the same images.</summary>
/// <param name="Noise">Standard deviation of pixel noise; that of the class signal is 1.</param>
/// <param name="Nuisance">Standard deviation of each of the four nuisance fields of an image.</param>
/// <param name="Shift">Largest shift, in pixels.</param>
/// <param name="Warp">Standard deviation of the rotation, in radians; that of the scale is half as large.</param>
internal sealed record ProceduralParameters(
    ImageShape Shape, int ImagesPerClass, float Noise, float Nuisance, float Shift, float Warp)
{
    public const int MinSize = 4;
    public const int MaxSize = 64;
    private const int DefaultSize = 32;
    private const int DefaultChannels = 3;
    private const int DefaultTrainImages = 100;
    private const int DefaultValidImages = 30;

    /// <exception cref="UserErrorException">The generator does not support the size or number of channels.</exception>
    public static ProceduralParameters From(RunSpecification specification)
    {
        int size = specification.ImageSize == 0 ? DefaultSize : specification.ImageSize;
        int channels = specification.ImageChannels == 0 ? DefaultChannels : specification.ImageChannels;
        if (size is < MinSize or > MaxSize)
            throw new UserErrorException($"imageSize '{size}' is out of range. Procedural images are {MinSize} to {MaxSize} pixels wide.");
        if (channels is not (1 or 3))
            throw new UserErrorException($"imageChannels '{channels}' is not supported. Procedural images have 1 (grey) or 3 (colour).");
        int train = specification.TrainImagesPerClass == 0 ? DefaultTrainImages : specification.TrainImagesPerClass;
        int valid = specification.ValidImagesPerClass == 0 ? DefaultValidImages : specification.ValidImagesPerClass;
        var shape = new ImageShape(size, channels);
        long images = (long)train + valid;
        if (images * shape.Length > Array.MaxLength)
            throw new UserErrorException(
                $"trainImagesPerClass + validImagesPerClass = '{images}' is too large. "
                + $"A class holds at most {Array.MaxLength / shape.Length}.");
        return new(
            shape,
            (int)images,
            (float)specification.ProceduralNoise,
            (float)specification.ProceduralNuisance,
            (float)specification.ProceduralShift,
            (float)specification.ProceduralWarp);
    }

    /// <summary>Exact text of all values in one line: part of the fingerprint.</summary>
    public string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"size {Shape.Size} channels {Shape.Channels} images {ImagesPerClass} "
        + $"noise {Noise:R} nuisance {Nuisance:R} shift {Shift:R} warp {Warp:R}");
}
