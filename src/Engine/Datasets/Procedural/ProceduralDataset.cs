using System.Security.Cryptography;
using System.Text;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>Built-in dataset: 1,000 classes of smooth random images, each class generated when it is first requested.</summary>
/// <remarks>
/// Thread-safe. Depends on the image shape and the procedural values of the specification, never on the run's seed; image i of a class
/// does not depend on the number of images in the class. Classes stay in memory: ImagesPerClass × Shape.Length bytes each.
/// </remarks>
public sealed class ProceduralDataset : IImageDataset
{
    private const int ProbeClasses = 4;
    private const float Scale1 = 1f / ClassPainter.Steps;

    // Bytes are rounded to the nearest step; 128 represents 0.
    private const float Offset1 = -128f / ClassPainter.Steps;

    private readonly ProceduralParameters _parameters;
    private readonly ProceduralWorld _world;
    private readonly byte[]?[] _classes = new byte[ProceduralWorld.Classes][];
    private readonly float[] _scale;
    private readonly float[] _offset;

    public ProceduralDataset(RunSpecification specification)
    {
        _parameters = ProceduralParameters.From(specification);
        _world = new ProceduralWorld(_parameters.Shape);
        _scale = Enumerable.Repeat(Scale1, Shape.Channels).ToArray();
        _offset = Enumerable.Repeat(Offset1, Shape.Channels).ToArray();
        Fingerprint = MakeFingerprint();
    }

    public string Description =>
        $"procedural ({ClassCount:N0} classes of {_parameters.ImagesPerClass:N0} images, "
        + $"{Shape.Size}×{Shape.Size} {(Shape.Channels == 1 ? "grey" : "colour")})";

    public ImageShape Shape => _parameters.Shape;

    public int ClassCount => ProceduralWorld.Classes;

    public ReadOnlySpan<float> Scale => _scale;

    public ReadOnlySpan<float> Offset => _offset;

    public string Fingerprint { get; }

    public int ImageCount(int classIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classIndex, ClassCount);
        return _parameters.ImagesPerClass;
    }

    public ReadOnlySpan<byte> ClassImages(int classIndex) => Volatile.Read(ref _classes[classIndex]) ?? Make(classIndex);

    /// <summary>Generates a class. Two threads may do so at once: they generate the same bytes, and the first array is kept.</summary>
    private byte[] Make(int classIndex)
    {
        var painter = new ClassPainter(_parameters, _world, classIndex);
        int length = Shape.Length;
        byte[] images = new byte[_parameters.ImagesPerClass * length];
        for (int i = 0; i < _parameters.ImagesPerClass; i++) painter.Paint(i, images.AsSpan(i * length, length));
        return Interlocked.CompareExchange(ref _classes[classIndex], images, null) ?? images;
    }

    /// <summary>
    /// Digest of version, parameters, and one image of each of a few classes, so that a machine that generates other bytes is detected.
    /// </summary>
    private string MakeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"procedural {ProceduralWorld.Version} {_parameters.Canonical}"));
        byte[] image = new byte[Shape.Length];
        for (int i = 0; i < ProbeClasses; i++)
        {
            new ClassPainter(_parameters, _world, i * ClassCount / ProbeClasses).Paint(i, image);
            hash.AppendData(image);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
