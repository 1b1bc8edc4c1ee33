namespace LoptCluster.Engine.Datasets.Files;

/// <summary>CIFAR-10 and CIFAR-100 in either version: colour images of 32 × 32, stored plane after plane, in batches.</summary>
/// <param name="name">"CIFAR-10" or "CIFAR-100".</param>
/// <param name="classCount">10, or 100: the fine labels.</param>
/// <param name="batches">Files of the batches; one that was downloaded twice counts once.</param>
/// <param name="whole">Names of the files that a whole dataset has.</param>
internal abstract class CifarFiles(string name, int classCount, UniqueFiles batches, IReadOnlyList<string> whole) : IImageFiles
{
    private const int Size = 32;

    /// <summary>Names of the batches of CIFAR-10 in the Python version; those of the binary version end in .bin.</summary>
    protected static IReadOnlyList<string> Cifar10Batches { get; } =
        [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}"), "test_batch"];

    public string Name => name;

    public int ClassCount => classCount;

    public ImageShape StoredShape { get; } = new(Size, 3);

    public IReadOnlyList<string> Paths => batches.Paths;

    public string LeftOut => batches.LeftOut;

    /// <summary>Batches that are not there: a part of the dataset is read.</summary>
    public string Remark
    {
        get
        {
            string[] missing = [.. whole.Except(Paths.Concat(batches.Copies).Select(p => Path.GetFileName(p)))];
            return missing.Length == 0 ? "" : $"not there: {Files.LeftOut.ByName(missing)}";
        }
    }

    public IReadOnlyList<string> Companions =>
    [
        "batches.meta", "batches.meta.txt", "meta", "readme.html", "coarse_label_names.txt", "fine_label_names.txt", "file.txt~",
        .. batches.NotRead,
    ];

    public int[] CountImages()
    {
        int[] counts = new int[ClassCount];
        Read((label, _) => counts[label]++);
        return counts;
    }

    public void ReadImages(ImageSink sink)
    {
        byte[] pixels = new byte[StoredShape.Length];
        Read((label, planes) =>
        {
            Planes.Interleave(planes, StoredShape, pixels);
            sink(label, pixels, StoredShape);
        });
    }

    /// <summary>Passes the label and the planes of every image.</summary>
    protected abstract void Read(Action<int, ReadOnlySpan<byte>> take);

    protected static IEnumerable<string> Existing(string directory, params IEnumerable<string> names) =>
        names.Select(name => Path.Combine(directory, name)).Where(File.Exists);
}
