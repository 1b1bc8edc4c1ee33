using System.Security.Cryptography;
using System.Text;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>Built-in dataset: 1,000 classes of smooth random images, each class generated when it is first requested.</summary>
/// <remarks>
/// Thread-safe. Depends on the image shape and the procedural values of the specification, never on the run's seed; image i of a class
/// does not depend on the number of images in the class. Classes stay in memory as long as the dataset: ImagesPerClass × Shape.Length bytes
/// each, or what the store that it shares with other datasets has.
/// </remarks>
public sealed class ProceduralDataset : IImageDataset
{
    private const int ProbeClasses = 4;
    private const float Scale1 = 1f / ClassPainter.Steps;

    // Bytes are rounded to the nearest step; 128 represents 0.
    private const float Offset1 = -128f / ClassPainter.Steps;

    private readonly ProceduralParameters _parameters;
    private readonly ProceduralClasses _store;
    private readonly Lazy<string> _fingerprint;
    private readonly byte[]?[] _classes = new byte[ProceduralWorld.Classes][];
    private readonly float[] _scale;
    private readonly float[] _offset;

    public ProceduralDataset(RunSpecification specification)
        : this(specification, new ProceduralClasses(0))
    {
    }

    /// <param name="store">Classes that are shared with other datasets.</param>
    internal ProceduralDataset(RunSpecification specification, ProceduralClasses store)
    {
        _parameters = ProceduralParameters.From(specification);
        _store = store;
        _scale = Enumerable.Repeat(Scale1, Shape.Channels).ToArray();
        _offset = Enumerable.Repeat(Offset1, Shape.Channels).ToArray();
        _fingerprint = new Lazy<string>(MakeFingerprint);
    }

    public string Description =>
        $"procedural ({ClassCount:N0} classes of {_parameters.ImagesPerClass:N0} images, "
        + $"{Shape.Size}×{Shape.Size} {(Shape.Channels == 1 ? "grey" : "colour")})";

    public ImageShape Shape => _parameters.Shape;

    public int ClassCount => ProceduralWorld.Classes;

    public ReadOnlySpan<float> Scale => _scale;

    public ReadOnlySpan<float> Offset => _offset;

    public string Fingerprint => _fingerprint.Value;

    public int ImageCount(int classIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classIndex, ClassCount);
        return _parameters.ImagesPerClass;
    }

    public ReadOnlySpan<byte> ClassImages(int classIndex) =>
        (Volatile.Read(ref _classes[classIndex]) ?? Make(classIndex)).AsSpan(0, _parameters.ImagesPerClass * Shape.Length);

    /// <summary>Generates a class. Two threads may do so at once: they generate the same bytes, and the first array is kept.</summary>
    private byte[] Make(int classIndex)
    {
        byte[] images = _store.Images(_parameters, classIndex);
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
            new ClassPainter(_parameters, _store.World(Shape), i * ClassCount / ProbeClasses).Paint(i, image);
            hash.AppendData(image);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
