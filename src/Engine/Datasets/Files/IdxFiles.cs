using System.Buffers.Binary;
using LoptCluster.Shared;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// MNIST and its relatives: IDX files of images and of labels, compressed (.gz) or not, one pair for each part. All parts are read.
/// </summary>
/// <remarks>Images of EMNIST are stored transposed, and are turned as those of MNIST are.</remarks>
internal sealed class IdxFiles : IImageFiles
{
    private const int ImagesMagic = 0x0000_0803;
    private const int ByteLabelsMagic = 0x0000_0801, IntegerLabelsMagic = 0x0000_0C02;
    private const int MaxSize = 256, MaxColumns = 16;

    private readonly IdxLayout _layout;
    private readonly DatasetPublication _publication;
    private readonly (string Part, string Images, string Labels)[] _pairs;

    private IdxFiles(string directory, IdxLayout layout, (string Part, string Images, string Labels)[] pairs)
    {
        Name = layout == IdxLayout.Mnist ? NameOf(directory) : layout.Name;
        _publication = Name == layout.Name ? layout.Publication : new DatasetPublication(Name, null);
        _layout = layout;
        _pairs = pairs;
        Paths = [.. pairs.SelectMany(p => (string[])[p.Images, p.Labels])];
        // As torchvision leaves them: packed files beside the unpacked ones, and EMNIST's list of characters.
        string[] names = [.. layout.Parts.SelectMany(part => (string[])[layout.ImagesName(part), layout.LabelsName(part)])];
        Companions = [.. names, .. names.Select(n => n + ".gz"), $"{layout.Prefix}mapping.txt"];
        StoredShape = new ImageShape(ReadShape(pairs[0].Images), 1);
    }

    public string Name { get; }

    public int ClassCount => _layout.ClassCount;

    public ImageShape StoredShape { get; }

    public IReadOnlyList<string> Paths { get; }

    public IReadOnlyList<string> Companions { get; }

    /// <summary>Parts that are not there.</summary>
    public string Remark => LeftOut.Join(
        _layout.Parts.Except(_pairs.Select(p => p.Part)).Select(part => $"not there: '{_layout.ImagesName(part)}'"));

    /// <summary>File pairs of a folder; null if neither images nor labels exist.</summary>
    /// <exception cref="UserErrorException">One file of a pair is missing, or there are several datasets.</exception>
    public static IdxFiles? Find(string directory)
    {
        var found = IdxLayout.All.Select(layout => (Layout: layout, Pairs: Pairs(directory, layout)))
            .Where(f => f.Pairs.Length > 0).ToList();
        if (found.Count < 2) return found.Count == 0 ? null : new IdxFiles(directory, found[0].Layout, found[0].Pairs);
        throw new UserErrorException(
            $"The folder '{directory}' holds {found.Count} datasets: {string.Join(", ", found.Select(f => f.Layout.Name))}. Move the files "
                + $"of the one that is meant ({found[0].Layout.Prefix}…) to a folder of its own, and name that.");
    }

    public string ClassName(int classIndex) => $"{classIndex + _layout.FirstLabel}";

    public int[] CountImages()
    {
        int[] counts = new int[ClassCount];
        foreach (var (_, _, labels) in _pairs)
        {
            foreach (int label in ReadLabels(labels)) counts[label - _layout.FirstLabel]++;
        }

        return counts;
    }

    public void ReadImages(ImageSink sink)
    {
        byte[] pixels = new byte[StoredShape.Length];
        foreach (var (_, imagesPath, labelsPath) in _pairs)
        {
            int[] labels = ReadLabels(labelsPath);
            using var file = DatasetFile.Open(imagesPath, _publication);
            int count = ReadHeader(file, out int size);
            if (count != labels.Length)
                throw DatasetFile.Error(
                    labelsPath, _publication, 4, $"{count:N0} labels, as {Path.GetFileName(imagesPath)} has images", $"{labels.Length:N0}");
            if (size != StoredShape.Size)
                throw file.Error(8, $"{StoredShape.Size} rows, as {Path.GetFileName(_pairs[0].Images)} has", $"{size}");
            foreach (int label in labels)
            {
                file.Read(pixels, $"{count:N0} images of {size}×{size} bytes");
                if (_layout.IsTransposed) Planes.Transpose(pixels, size);
                sink(label - _layout.FirstLabel, pixels, StoredShape);
            }

            file.ExpectEnd();
        }
    }

    /// <summary>"FashionMNIST" of FashionMNIST/raw: the files of such sets are called as MNIST's are.</summary>
    private static string NameOf(string directory)
    {
        var folder = new DirectoryInfo(directory);
        string? name = ((DirectoryInfo?[])[folder, folder.Parent]).Select(f => f?.Name)
            .FirstOrDefault(n => n?.EndsWith(IdxLayout.Mnist.Name, StringComparison.OrdinalIgnoreCase) == true);
        return name is null || name.Length == IdxLayout.Mnist.Name.Length ? IdxLayout.Mnist.Name : name;
    }

    private static (string Part, string Images, string Labels)[] Pairs(string directory, IdxLayout layout)
    {
        var pairs = new List<(string Part, string Images, string Labels)>();
        foreach (string part in layout.Parts)
        {
            string? images = IdxLayout.Existing(directory, layout.ImagesName(part));
            string? labels = IdxLayout.Existing(directory, layout.LabelsName(part));
            if (images is null && labels is null) continue;
            if (images is null) throw Missing(directory, layout, layout.ImagesName(part), labels!);
            if (labels is null) throw Missing(directory, layout, layout.LabelsName(part), images);
            pairs.Add((part, images, labels));
        }

        return [.. pairs];
    }

    private static UserErrorException Missing(string directory, IdxLayout layout, string name, string companion) => new(
        $"'{Path.Combine(directory, name)}' (or .gz) is missing beside '{Path.GetFileName(companion)}'. {layout.Publication.Advice}");

    private int ReadShape(string path)
    {
        using var file = DatasetFile.Open(path, _publication);
        ReadHeader(file, out int size);
        return size;
    }

    private static int ReadHeader(DatasetFile file, out int size)
    {
        int count = ReadStart(file, ImagesMagic, "images");
        size = file.ReadBigEndianInt32("rows");
        if (size is < 1 or > MaxSize) throw file.Error(8, $"1 to {MaxSize} rows", $"{size}");
        int columns = file.ReadBigEndianInt32("columns");
        if (columns != size) throw file.Error(12, $"{size} columns, as there are rows", $"{columns}");
        return count;
    }

    private int[] ReadLabels(string path)
    {
        using var file = DatasetFile.Open(path, _publication);
        bool bytes = _layout.LabelsEnding == IdxLayout.Mnist.LabelsEnding;
        int count = ReadStart(file, bytes ? ByteLabelsMagic : IntegerLabelsMagic, "labels");
        int columns = bytes ? 1 : file.ReadBigEndianInt32("columns");
        if (columns is < 1 or > MaxColumns) throw file.Error(8, $"1 to {MaxColumns} columns", $"{columns}");
        long start = file.Position;
        byte[] row = new byte[columns * (bytes ? 1 : sizeof(int))];
        int last = _layout.FirstLabel + ClassCount - 1;
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            file.Read(row, $"{count:N0} labels");
            int label = labels[i] = bytes ? row[0] : BinaryPrimitives.ReadInt32BigEndian(row);
            if (label < _layout.FirstLabel || label > last)
                throw file.Error(start + ((long)i * row.Length), $"a label of {_layout.FirstLabel} to {last}", $"{label}");
        }

        file.ExpectEnd();
        return labels;
    }

    private static int ReadStart(DatasetFile file, int expectedMagic, string what)
    {
        int magic = file.ReadBigEndianInt32("the magic number");
        if (magic != expectedMagic) throw file.Error(0, $"the magic number 0x{expectedMagic:X8} of {what}", $"0x{magic:X8}");
        int count = file.ReadBigEndianInt32($"the number of {what}");
        const int MaxCount = 100_000_000;
        return count is > 0 and <= MaxCount ? count : throw file.Error(4, $"1 to {MaxCount:N0} {what}", $"{count}");
    }
}
