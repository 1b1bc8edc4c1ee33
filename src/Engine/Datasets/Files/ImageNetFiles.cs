using System.IO.Compression;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Downsampled ImageNet (Chrabaszcz et al. 2017, arXiv:1707.08819) as npz: zip archives with data.npy [N, 3 S S] of uint8, plane after
/// plane, and labels.npy [N], 1 to 1,000. S = 32; 8, 16 and 64 are published too and are read alike.
/// </summary>
internal sealed class ImageNetFiles : IImageFiles
{
    private const int Classes = 1_000;
    private const int MaxImages = 100_000_000;
    private static readonly DatasetPublication Publication = DatasetPublication.ImageNet;
    private readonly string[] _paths;

    private ImageNetFiles(string[] paths)
    {
        _paths = paths;
        using var archive = OpenArchive(paths[0]);
        using var data = OpenEntry(archive, paths[0], "data.npy");
        StoredShape = ReadDataHeader(data, out _);
    }

    public string Name => $"ImageNet {StoredShape.Size}×{StoredShape.Size}";

    public int ClassCount => Classes;

    public ImageShape StoredShape { get; }

    /// <summary>All .npz files of a folder; null if there are none.</summary>
    public static ImageNetFiles? Find(string directory)
    {
        string[] paths = [.. Directory.GetFiles(directory, "*.npz").Order(StringComparer.Ordinal)];
        return paths.Length == 0 ? null : new ImageNetFiles(paths);
    }

    public int[] CountImages()
    {
        int[] counts = new int[Classes];
        foreach (string path in _paths)
        {
            using var archive = OpenArchive(path);
            foreach (int label in ReadLabels(archive, path)) counts[label]++;
        }

        return counts;
    }

    public void ReadImages(ImageSink sink)
    {
        byte[] planes = new byte[StoredShape.Length], pixels = new byte[StoredShape.Length];
        foreach (string path in _paths)
        {
            using var archive = OpenArchive(path);
            int[] labels = ReadLabels(archive, path);
            using var data = OpenEntry(archive, path, "data.npy");
            var shape = ReadDataHeader(data, out int count);
            if (shape != StoredShape)
                throw data.Error(0, $"rows of {StoredShape.Length:N0} bytes, as {Path.GetFileName(_paths[0])} has", $"{shape.Length:N0}");
            if (count != labels.Length)
                throw data.Error(0, $"{labels.Length:N0} images, as labels.npy has labels", $"{count:N0}");
            foreach (int label in labels)
            {
                data.Read(planes, $"{count:N0} images of {planes.Length:N0} bytes");
                Planes.Interleave(planes, shape, pixels);
                sink(label, pixels, shape);
            }

            data.ExpectEnd();
        }
    }

    private static int[] ReadLabels(ZipArchive archive, string path)
    {
        using var file = OpenEntry(archive, path, "labels.npy");
        var header = NpyHeader.Read(file);
        if (header.IntegerBytes == 0) throw file.Error(0, "whole numbers (descr <i8, |u1 …)", header.Type);
        if (header.Shape.Length != 1) throw file.Error(0, "labels in one dimension", $"{header.Shape.Length} dimensions");
        if (header.Shape[0] > MaxImages) throw file.Error(0, $"at most {MaxImages:N0} labels", $"{header.Shape[0]:N0}");
        long start = file.Position;
        byte[] raw = new byte[header.Shape[0] * header.IntegerBytes];
        file.Read(raw, $"{header.Shape[0]:N0} labels");
        file.ExpectEnd();
        int[] labels = new int[header.Shape[0]];
        for (int i = 0; i < labels.Length; i++)
        {
            long label = header.ReadInteger(raw, i);
            if (label is < 1 or > Classes)
                throw file.Error(start + ((long)i * header.IntegerBytes), $"a label of 1 to {Classes:N0}", $"{label}");
            labels[i] = (int)label - 1;
        }

        return labels;
    }

    private static ImageShape ReadDataHeader(DatasetFile file, out int count)
    {
        var header = NpyHeader.Read(file);
        if (header.Type != "|u1") throw file.Error(0, "bytes (descr |u1)", header.Type);
        if (header.Shape.Length != 2) throw file.Error(0, "2 dimensions, [images, 3,072]", $"{header.Shape.Length}");
        count = header.Shape[0];
        foreach (int size in (int[])[8, 16, 32, 64])
        {
            var shape = new ImageShape(size, 3);
            if (shape.Length == header.Shape[1]) return shape;
        }

        throw file.Error(0, "rows of 3,072 bytes (3 × 32 × 32)", $"{header.Shape[1]:N0}");
    }

    private static ZipArchive OpenArchive(string path) => DatasetFile.Guard(path, Publication, 0, () => ZipFile.OpenRead(path));

    private static DatasetFile OpenEntry(ZipArchive archive, string path, string name)
    {
        var entry = archive.GetEntry(name)
            ?? throw DatasetFile.Error(
                path, Publication, 0, $"an entry {name}", string.Join(", ", archive.Entries.Take(8).Select(e => e.FullName)));
        var stream = DatasetFile.Guard(path, Publication, 0, entry.Open);
        return DatasetFile.Over(new ChecksummedStream(new BufferedStream(stream, 1 << 20), entry.Crc32), $"{path}/{name}", Publication);
    }
}
