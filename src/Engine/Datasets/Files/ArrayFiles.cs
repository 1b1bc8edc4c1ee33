using LoptCluster.Shared;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Images and labels as numpy arrays in one npz file, as Keras (x_train, y_train, x_test, y_test) and MedMNIST (train_images,
/// train_labels, val_…, test_…) have them: uint8 [N, S, S], [N, S, S, 1 or 3] or [N, 1 or 3, S, S], and whole numbers [N] or [N, 1].
/// </summary>
/// <remarks>The classes are the labels that occur, in their order. All parts are read: tasks are split by class and image here.</remarks>
internal sealed class ArrayFiles : IImageFiles
{
    private const int MaxSize = 256;
    private const int MaxClasses = 10_000;
    private static readonly DatasetPublication Publication = DatasetPublication.Arrays;

    private static readonly (string Images, string Labels)[] Parts =
    [
        ("x_train.npy", "y_train.npy"), ("x_test.npy", "y_test.npy"),
        ("train_images.npy", "train_labels.npy"), ("val_images.npy", "val_labels.npy"), ("test_images.npy", "test_labels.npy"),
    ];

    private readonly string _path;
    private readonly (string Images, string Labels)[] _parts;
    private readonly Lazy<int[]> _labels;

    private ArrayFiles(string path, IReadOnlyList<string> names)
    {
        _path = path;
        _parts = [.. Parts.Where(part => names.Contains(part.Images))];
        LeftOut = Files.LeftOut.ByName([.. names.Except(_parts.SelectMany(p => (string[])[p.Images, p.Labels]))]);
        _labels = new Lazy<int[]>(ReadLabels);
        using var archive = new NpzArchive(path, Publication);
        using var images = archive.Open(_parts[0].Images);
        StoredShape = ReadHeader(images).Shape;
    }

    public string Name => Path.GetFileNameWithoutExtension(_path);

    public int ClassCount => _labels.Value.Length;

    public ImageShape StoredShape { get; }

    public IReadOnlyList<string> Paths => [_path];

    /// <summary>Arrays of other names.</summary>
    public string LeftOut { get; }

    /// <summary>The npz files of a folder that are of a known format; null if there are none.</summary>
    /// <exception cref="UserErrorException">They are several datasets.</exception>
    public static IImageFiles? Find(string directory)
    {
        string[] paths = [.. Directory.GetFiles(directory, "*.npz").Where(p => !Files.LeftOut.IsSystem(p)).Order(StringComparer.Ordinal)];
        var names = paths.ToDictionary(p => p, Names);
        string[] batches = [.. paths.Where(p => ImageNetFiles.Knows(names[p]))];
        string[] datasets = [.. paths.Where(p => Parts.Any(part => names[p].Contains(part.Images)))];
        if (datasets.Length + Math.Min(1, batches.Length) > 1)
        {
            throw new UserErrorException(
                $"The folder '{directory}' holds several datasets, {Files.LeftOut.ByName([.. datasets, .. batches])}. "
                    + "Move the one that is meant to a folder of its own, and name that.");
        }

        return batches.Length > 0 ? new ImageNetFiles(batches) : datasets is [var only] ? new ArrayFiles(only, names[only]) : null;
    }

    /// <summary>Names of the arrays of an archive.</summary>
    public static string[] Names(string path)
    {
        using var archive = new NpzArchive(path, DatasetPublication.ImageNet);
        return [.. archive.Names];
    }

    public string ClassName(int classIndex) => $"{_labels.Value[classIndex]}";

    public int[] CountImages()
    {
        int[] counts = new int[ClassCount];
        using var archive = new NpzArchive(_path, Publication);
        foreach (var (_, labels) in _parts)
        {
            foreach (int label in ReadLabels(archive, labels)) counts[ClassOf(label)]++;
        }

        return counts;
    }

    public void ReadImages(ImageSink sink)
    {
        using var archive = new NpzArchive(_path, Publication);
        byte[] stored = new byte[StoredShape.Length], pixels = new byte[StoredShape.Length];
        foreach (var (imagesName, labelsName) in _parts)
        {
            int[] labels = ReadLabels(archive, labelsName);
            using var images = archive.Open(imagesName);
            var (count, shape, planar) = ReadHeader(images);
            if (shape != StoredShape)
                throw images.Error(0, $"images of {StoredShape}, as {_parts[0].Images} has", $"{shape}");
            if (count != labels.Length) throw images.Error(0, $"{labels.Length:N0} images, as {labelsName} has labels", $"{count:N0}");
            foreach (int label in labels)
            {
                images.Read(stored, $"{count:N0} images of {stored.Length:N0} bytes");
                if (planar) Planes.Interleave(stored, shape, pixels);
                sink(ClassOf(label), planar ? pixels : stored, shape);
            }

            images.ExpectEnd();
        }
    }

    private static int[] ReadLabels(NpzArchive archive, string name) => archive.ReadLabels(name, 0, int.MaxValue);

    private static (int Count, ImageShape Shape, bool Planar) ReadHeader(DatasetFile file)
    {
        var header = NpyHeader.Read(file);
        if (header.Type != "|u1") throw file.Error(0, "bytes from 0 to 255 (descr |u1)", header.Type);
        var (count, height, width, channels, planar) = header.Shape switch
        {
            [var n, var h, var w] => (n, h, w, 1, false),
            [var n, var h, var w, var c and (1 or 3)] => (n, h, w, c, false),
            [var n, var c and (1 or 3), var h, var w] => (n, h, w, c, true),
            _ => throw file.Error(0, "[images, rows, columns] or these with 1 or 3 channels", Text(header)),
        };
        return height == width && height is >= 1 and <= MaxSize
            ? (count, new ImageShape(height, channels), planar)
            : throw file.Error(0, $"square images of at most {MaxSize} pixels", Text(header));
    }

    private static string Text(NpyHeader header) => $"[{string.Join(", ", header.Shape)}]";

    private int[] ReadLabels()
    {
        using var archive = new NpzArchive(_path, Publication);
        int[] labels = [.. _parts.SelectMany(p => ReadLabels(archive, p.Labels)).Distinct().Order()];
        return labels.Length <= MaxClasses
            ? labels
            : throw DatasetFile.Error(_path, Publication, 0, $"at most {MaxClasses:N0} different labels", $"{labels.Length:N0}");
    }

    private int ClassOf(int label) => Array.BinarySearch(_labels.Value, label);
}
