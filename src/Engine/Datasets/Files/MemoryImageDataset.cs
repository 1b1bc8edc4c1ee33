using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoptCluster.Shared;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Dataset whose images were read from files and are held in memory.</summary>
/// <remarks>Immutable, except for the fingerprint, which is computed on first use (about a second per 2 GB).</remarks>
internal sealed class MemoryImageDataset : IImageDataset
{
    private readonly byte[][] _classes;
    private readonly float[] _scale;
    private readonly float[] _offset;
    private readonly Lazy<string> _fingerprint;

    /// <param name="name">Name of the dataset.</param>
    /// <param name="shape">Of its images.</param>
    /// <param name="classes">Images of each class, one after the other. Takes ownership.</param>
    /// <param name="leftOut">What is not among them, for the description; empty: nothing.</param>
    /// <param name="remark">What is worth knowing of them, for the description; empty: nothing.</param>
    /// <exception cref="UserErrorException">All pixels have one value: there is nothing to learn.</exception>
    public MemoryImageDataset(string name, ImageShape shape, byte[][] classes, string leftOut = "", string remark = "")
    {
        Shape = shape;
        _classes = classes;
        long images = classes.Sum(c => (long)c.Length) / shape.Length;
        string colour = shape.Channels == 1 ? "grey" : "colour";
        Description = string.Create(
            CultureInfo.InvariantCulture, $"{name} ({images:N0} images, {classes.Length:N0} classes, {shape.Size}×{shape.Size} {colour}")
            + (remark.Length == 0 ? "" : $"; {remark}")
            + (leftOut.Length == 0 ? ")" : $"; left out: {leftOut})");
        byte[]? any = Array.Find(classes, c => c.Length > 0);
        if (any is not null && Array.TrueForAll(classes, c => !c.AsSpan().ContainsAnyExcept(any[0])))
            throw new UserErrorException($"All pixels of {Description} are '{any[0]}'. Check the files, or how they were converted.");
        (_scale, _offset) = Standardisation(classes, shape.Channels);
        _fingerprint = new Lazy<string>(Hash);
    }

    public string Description { get; }

    /// <summary>Classes as messages call them; by default their numbers.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    public ImageShape Shape { get; }

    public int ClassCount => _classes.Length;

    public ReadOnlySpan<float> Scale => _scale;

    public ReadOnlySpan<float> Offset => _offset;

    public string Fingerprint => _fingerprint.Value;

    public string ClassName(int classIndex) => ClassNames is { } names ? names[classIndex] : $"{classIndex}";

    public int ImageCount(int classIndex) => _classes[classIndex].Length / Shape.Length;

    public ReadOnlySpan<byte> ClassImages(int classIndex) => _classes[classIndex];

    /// <summary>
    /// Factors 1/std and −mean/std of each channel over all images, from exact histograms; a constant channel is not scaled.
    /// </summary>
    private static (float[] Scale, float[] Offset) Standardisation(byte[][] classes, int channels)
    {
        float[] scale = new float[channels], offset = new float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            long[] histogram = new long[256];
            foreach (byte[] images in classes)
            {
                for (int i = channel; i < images.Length; i += channels) histogram[images[i]]++;
            }

            double count = 0, sum = 0, squares = 0;
            for (int value = 0; value < histogram.Length; value++)
            {
                count += histogram[value];
                sum += (double)value * histogram[value];
                squares += (double)value * value * histogram[value];
            }

            double mean = count == 0 ? 0 : sum / count;
            double variance = count == 0 ? 0 : (squares / count) - (mean * mean);
            double std = variance > 1e-6 ? Math.Sqrt(variance) : 1;
            scale[channel] = (float)(1 / std);
            offset[channel] = (float)(-mean / std);
        }

        return (scale, offset);
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"images {Shape.Size} {Shape.Channels} {ClassCount}"));
        foreach (byte[] images in _classes)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($" {images.Length} "));
            hash.AppendData(images);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
