using System.Security.Cryptography;
using System.Text;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>The built-in dataset: 1,000 classes of smooth random pictures, made when they are first asked for.</summary>
/// <remarks>
/// Thread-safe. It depends on the image shape and the procedural values of the specification, never on the run's seed; image i of a class
/// does not depend on how many the class has. Classes stay in memory: ImagesPerClass × Shape.Length bytes each.
/// </remarks>
public sealed class ProceduralDataset : IImageDataset
{
    private const int ProbeClasses = 4;
    private const float Scale1 = 1f / ClassPainter.Steps;

    // Bytes are rounded to the nearest step, 128 stands for 0.
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

    /// <summary>Two threads may make the same class at once; they make the same bytes, and the first array is kept.</summary>
    private byte[] Make(int classIndex)
    {
        var painter = new ClassPainter(_parameters, _world, classIndex);
        int length = Shape.Length;
        byte[] images = new byte[_parameters.ImagesPerClass * length];
        for (int i = 0; i < _parameters.ImagesPerClass; i++) painter.Paint(i, images.AsSpan(i * length, length));
        return Interlocked.CompareExchange(ref _classes[classIndex], images, null) ?? images;
    }

    /// <summary>Over version, parameters, and an image each of a few classes: a machine that computes other bytes is found out.</summary>
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
