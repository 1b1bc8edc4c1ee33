using LoptCluster.Shared;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>MNIST: IDX files of images and of labels, compressed (.gz) or not; the train pair, the t10k pair, or both.</summary>
internal sealed class MnistFiles : IImageFiles
{
    private const int ImagesMagic = 0x0000_0803;
    private const int LabelsMagic = 0x0000_0801;
    private const int MaxSize = 256;
    private static readonly DatasetPublication Publication = DatasetPublication.Mnist;

    private readonly List<(string Images, string Labels)> _pairs;

    private MnistFiles(List<(string Images, string Labels)> pairs)
    {
        _pairs = pairs;
        StoredShape = new ImageShape(ReadShape(pairs[0].Images), 1);
    }

    public string Name => "MNIST";

    public int ClassCount => 10;

    public ImageShape StoredShape { get; }

    /// <summary>File pairs of a folder; null if neither images nor labels exist.</summary>
    public static MnistFiles? Find(string directory)
    {
        var pairs = new List<(string Images, string Labels)>();
        foreach (string part in (string[])["train", "t10k"])
        {
            string? images = Existing(directory, part, "images", 3), labels = Existing(directory, part, "labels", 1);
            if (images is null && labels is null) continue;
            if (images is null) throw Missing(directory, $"{part}-images-idx3-ubyte", labels!);
            if (labels is null) throw Missing(directory, $"{part}-labels-idx1-ubyte", images);
            pairs.Add((images, labels));
        }

        return pairs.Count == 0 ? null : new MnistFiles(pairs);
    }

    public int[] CountImages()
    {
        int[] counts = new int[ClassCount];
        foreach (var (_, labels) in _pairs)
        {
            foreach (byte label in ReadLabels(labels)) counts[label]++;
        }

        return counts;
    }

    public void ReadImages(ImageSink sink)
    {
        byte[] pixels = new byte[StoredShape.Length];
        foreach (var (imagesPath, labelsPath) in _pairs)
        {
            byte[] labels = ReadLabels(labelsPath);
            using var file = DatasetFile.Open(imagesPath, Publication);
            int count = ReadHeader(file, out int size);
            if (count != labels.Length)
                throw DatasetFile.Error(
                    labelsPath, Publication, 4, $"{count:N0} labels, as {Path.GetFileName(imagesPath)} has images", $"{labels.Length:N0}");
            if (size != StoredShape.Size)
                throw file.Error(8, $"{StoredShape.Size} rows, as {Path.GetFileName(_pairs[0].Images)} has", $"{size}");
            foreach (byte label in labels)
            {
                file.Read(pixels, $"{count:N0} images of {size}×{size} bytes");
                sink(label, pixels, StoredShape);
            }

            file.ExpectEnd();
        }
    }

    private static int ReadShape(string path)
    {
        using var file = DatasetFile.Open(path, Publication);
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

    private byte[] ReadLabels(string path)
    {
        using var file = DatasetFile.Open(path, Publication);
        byte[] labels = new byte[ReadStart(file, LabelsMagic, "labels")];
        long start = file.Position;
        file.Read(labels, $"{labels.Length:N0} labels");
        file.ExpectEnd();
        int wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(ClassCount - 1));
        if (wrong >= 0) throw file.Error(start + wrong, $"a label of 0 to {ClassCount - 1}", $"{labels[wrong]}");
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

    private static string? Existing(string directory, string part, string what, int dimensions)
    {
        foreach (string separator in (string[])["-", "."])
        {
            foreach (string ending in (string[])["", ".gz"])
            {
                string path = Path.Combine(directory, $"{part}-{what}{separator}idx{dimensions}-ubyte{ending}");
                if (File.Exists(path)) return path;
            }
        }

        return null;
    }

    private static UserErrorException Missing(string directory, string name, string companion) => new(
        $"'{Path.Combine(directory, name)}' (or .gz) is missing beside '{Path.GetFileName(companion)}'. {Publication.Advice}");
}
