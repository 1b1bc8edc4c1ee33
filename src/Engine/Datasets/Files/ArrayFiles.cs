using LoptCluster.Shared;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Images and labels as numpy arrays: in one npz file, as Keras (x_train, y_train, x_test, y_test) and MedMNIST (train_images,
/// train_labels, val_…, test_…) have them, or each in a file of its own, as KMNIST has them. uint8 [N, S, S], [N, S, S, 1 or 3] or
/// [N, 1 or 3, S, S], and whole numbers [N] or [N, 1].
/// </summary>
/// <remarks>The classes are the labels that occur, in their order. All parts are read: tasks are split by class and image here.</remarks>
internal sealed class ArrayFiles : IImageFiles
{
    private const int MaxSize = 256;
    private const int MaxClasses = 10_000;

    private readonly ArrayLayout _layout;
    private readonly Lazy<int[]> _labels;

    private ArrayFiles(ArrayLayout layout)
    {
        _layout = layout;
        Paths = [.. layout.Parts.SelectMany(p => (string[])[p.Images.Path, p.Labels.Path]).Distinct()];
        _labels = new Lazy<int[]>(ReadLabels);
        using var archive = Open(layout.Parts[0].Images);
        using var images = archive.Open(layout.Parts[0].Images.Name);
        StoredShape = ReadHeader(images).Shape;
    }

    public string Name => _layout.Name;

    public int ClassCount => _labels.Value.Length;

    public ImageShape StoredShape { get; }

    public IReadOnlyList<string> Paths { get; }

    /// <summary>KMNIST's table of what the classes are.</summary>
    public IReadOnlyList<string> Companions => [.. _layout.Companion is { } name ? (string[])[name] : []];

    /// <summary>Arrays of other names.</summary>
    public string LeftOut => _layout.LeftOut;

    /// <summary>The npz files of a folder that are of a known format; null if there are none.</summary>
    /// <exception cref="UserErrorException">They are several datasets.</exception>
    public static IImageFiles? Find(string directory)
    {
        string[] paths = [.. Directory.GetFiles(directory, "*.npz").Where(p => !Files.LeftOut.IsSystem(p)).Order(StringComparer.Ordinal)];
        var names = paths.ToDictionary(p => p, Names);
        string[] batches = [.. paths.Where(p => ImageNetFiles.Knows(names[p]))];
        ArrayLayout[] datasets = [.. ArrayLayout.Find(names)];
        if (datasets.Length + Math.Min(1, batches.Length) > 1)
        {
            string[] found = [.. datasets.Select(d => d.Parts[0].Images.Path), .. batches];
            throw new UserErrorException(
                $"The folder '{directory}' holds several datasets, {Files.LeftOut.ByName(found)}. "
                    + "Move the one that is meant to a folder of its own, and name that.");
        }

        return batches.Length > 0 ? new ImageNetFiles(batches) : datasets is [var only] ? new ArrayFiles(only) : null;
    }

    /// <summary>Names of the arrays of an archive.</summary>
    public static string[] Names(string path)
    {
        using var archive = new NpzArchive(path, DatasetPublication.Arrays);
        return [.. archive.Names];
    }

    public string ClassName(int classIndex) => $"{_labels.Value[classIndex]}";

    public int[] CountImages()
    {
        int[] counts = new int[ClassCount];
        foreach (var part in _layout.Parts)
        {
            foreach (int label in ReadLabels(part.Labels)) counts[ClassOf(label)]++;
        }

        return counts;
    }

    public void ReadImages(ImageSink sink)
    {
        byte[] stored = new byte[StoredShape.Length], pixels = new byte[StoredShape.Length];
        var first = _layout.Parts[0].Images;
        foreach (var part in _layout.Parts)
        {
            int[] labels = ReadLabels(part.Labels);
            using var archive = Open(part.Images);
            using var images = archive.Open(part.Images.Name);
            var (count, shape, planar) = ReadHeader(images);
            if (shape != StoredShape)
                throw images.Error(0, $"images of {Text(StoredShape)}, as {Text(first, part.Images)} has", Text(shape));
            if (count != labels.Length)
                throw images.Error(0, $"{labels.Length:N0} images, as {Text(part.Labels, part.Images)} has labels", $"{count:N0}");
            foreach (int label in labels)
            {
                images.Read(stored, $"{count:N0} images of {stored.Length:N0} bytes");
                if (planar) Planes.Interleave(stored, shape, pixels);
                sink(ClassOf(label), planar ? pixels : stored, shape);
            }

            images.ExpectEnd();
        }
    }

    private NpzArchive Open(ArrayEntry entry) => new(entry.Path, _layout.Publication);

    private int[] ReadLabels(ArrayEntry entry)
    {
        using var archive = Open(entry);
        return archive.ReadLabels(entry.Name, 0, int.MaxValue);
    }

    /// <summary>An array as a message about another one calls it.</summary>
    private static string Text(ArrayEntry entry, ArrayEntry other) => entry.Path == other.Path ? entry.Name : Path.GetFileName(entry.Path);

    private static (int Count, ImageShape Shape, bool Planar) ReadHeader(DatasetFile file)
    {
        var header = NpyHeader.Read(file);
        if (header.Type != "|u1") throw file.Error(0, "bytes from 0 to 255 (descr |u1)", header.Type);
        var (count, height, width, channels, planar) = header.Shape switch
        {
            [var n, var h, var w] => (n, h, w, 1, false),
            [var n, var h, var w, var c and (1 or 3)] => (n, h, w, c, false),
            [var n, var c and (1 or 3), var h, var w] => (n, h, w, c, true),
            _ => throw file.Error(0, "[images, rows, columns] or these with 1 or 3 channels", ShapeText(header)),
        };
        return height == width && height is >= 1 and <= MaxSize
            ? (count, new ImageShape(height, channels), planar)
            : throw file.Error(0, $"square images of at most {MaxSize} pixels", ShapeText(header));
    }

    private static string Text(ImageShape shape) =>
        $"{shape.Size}×{shape.Size} pixels and {shape.Channels} channel{(shape.Channels == 1 ? "" : "s")}";

    private static string ShapeText(NpyHeader header) => $"[{string.Join(", ", header.Shape)}]";

    private int[] ReadLabels()
    {
        int[] labels = [.. _layout.Parts.SelectMany(p => ReadLabels(p.Labels)).Distinct().Order()];
        return labels.Length <= MaxClasses
            ? labels
            : throw DatasetFile.Error(
                _layout.Parts[0].Labels.Path, _layout.Publication, 0, $"at most {MaxClasses:N0} different labels", $"{labels.Length:N0}");
    }

    private int ClassOf(int label) => Array.BinarySearch(_labels.Value, label);
}
