namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Downsampled ImageNet (Chrabaszcz et al. 2017, arXiv:1707.08819) as npz: zip archives with data.npy [N, 3 S S] of uint8, plane after
/// plane, and labels.npy [N], 1 to 1,000. S = 32; 8, 16 and 64 are published too and are read alike.
/// </summary>
internal sealed class ImageNetFiles : IImageFiles
{
    private const string Data = "data.npy", Labels = "labels.npy";
    private const int Classes = 1_000;
    private static readonly DatasetPublication Publication = DatasetPublication.ImageNet;
    private readonly UniqueFiles _batches;

    /// <param name="paths">The archives.</param>
    public ImageNetFiles(IEnumerable<string> paths)
    {
        _batches = new UniqueFiles([.. paths]);
        using var archive = new NpzArchive(Paths[0], Publication);
        using var data = archive.Open(Data);
        StoredShape = ReadDataHeader(data, out _);
    }

    public string Name => $"ImageNet {StoredShape.Size}×{StoredShape.Size}";

    public int ClassCount => Classes;

    public ImageShape StoredShape { get; }

    public IReadOnlyList<string> Paths => _batches.Paths;

    public IReadOnlyList<string> Companions => _batches.Copies;

    public string LeftOut => _batches.LeftOut;

    /// <summary>Whether an archive has one of the two arrays.</summary>
    public static bool Knows(IReadOnlyList<string> names) => names.Contains(Data) || names.Contains(Labels);

    public int[] CountImages()
    {
        int[] counts = new int[Classes];
        foreach (string path in Paths)
        {
            using var archive = new NpzArchive(path, Publication);
            foreach (int label in archive.ReadLabels(Labels, 1, Classes)) counts[label - 1]++;
        }

        return counts;
    }

    public void ReadImages(ImageSink sink)
    {
        byte[] planes = new byte[StoredShape.Length], pixels = new byte[StoredShape.Length];
        foreach (string path in Paths)
        {
            using var archive = new NpzArchive(path, Publication);
            int[] labels = archive.ReadLabels(Labels, 1, Classes);
            using var data = archive.Open(Data);
            var shape = ReadDataHeader(data, out int count);
            if (shape != StoredShape)
                throw data.Error(0, $"rows of {StoredShape.Length:N0} bytes, as {Path.GetFileName(Paths[0])} has", $"{shape.Length:N0}");
            if (count != labels.Length)
                throw data.Error(0, $"{labels.Length:N0} images, as labels.npy has labels", $"{count:N0}");
            foreach (int label in labels)
            {
                data.Read(planes, $"{count:N0} images of {planes.Length:N0} bytes");
                Planes.Interleave(planes, shape, pixels);
                sink(label - 1, pixels, shape);
            }

            data.ExpectEnd();
        }
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
}
