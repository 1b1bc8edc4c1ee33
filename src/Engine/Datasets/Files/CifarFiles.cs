using System.IO.Hashing;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// CIFAR-10 and CIFAR-100, binary version: records of one label byte (CIFAR-100: coarse, fine) and 3 × 32 × 32 bytes, plane after plane.
/// </summary>
internal sealed class CifarFiles : IImageFiles
{
    private const int Size = 32;
    private const int CoarseClasses = 20;
    private readonly string[] _paths;
    private readonly DatasetPublication _publication;
    private readonly int _labelBytes;

    private CifarFiles(string name, DatasetPublication publication, int classCount, int labelBytes, string[] paths)
    {
        (paths, string[] copies) = WithoutCopies(paths);
        LeftOut = copies.Length == 0 ? "" : $"{Files.LeftOut.ByName(copies)}, the bytes of another file";
        Name = name;
        ClassCount = classCount;
        _publication = publication;
        _labelBytes = labelBytes;
        _paths = paths;
    }

    public string Name { get; }

    public int ClassCount { get; }

    public ImageShape StoredShape { get; } = new(Size, 3);

    public string LeftOut { get; }

    /// <summary>The CIFAR-10 files in a folder (data_batch_*.bin, test_batch.bin), as many as exist; null if none does.</summary>
    public static CifarFiles? FindCifar10(string directory)
    {
        var batches = Directory.GetFiles(directory, "data_batch_*.bin").Order(StringComparer.Ordinal);
        string[] paths = [.. batches, .. Existing(directory, "test_batch.bin")];
        return paths.Length == 0 ? null : new("CIFAR-10", DatasetPublication.Cifar10, 10, 1, paths);
    }

    /// <summary>
    /// The CIFAR-100 files in a folder (train.bin, test.bin), as many as exist, with the fine labels as classes; null if none does.
    /// </summary>
    public static CifarFiles? FindCifar100(string directory)
    {
        string[] paths = [.. Existing(directory, "train.bin"), .. Existing(directory, "test.bin")];
        return paths.Length == 0 ? null : new("CIFAR-100", DatasetPublication.Cifar100, 100, 2, paths);
    }

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

    private void Read(Action<int, ReadOnlySpan<byte>> take)
    {
        byte[] record = new byte[_labelBytes + StoredShape.Length];
        foreach (string path in _paths)
        {
            using var file = DatasetFile.Open(path, _publication);
            long start = 0;
            for (; file.TryRead(record, $"records have {record.Length:N0} bytes"); start = file.Position)
            {
                int label = record[_labelBytes - 1];
                if (_labelBytes == 2 && record[0] >= CoarseClasses)
                    throw file.Error(start, $"a coarse label of 0 to {CoarseClasses - 1}", $"{record[0]}");
                if (label >= ClassCount) throw file.Error(start + _labelBytes - 1, $"a label of 0 to {ClassCount - 1}", $"{label}");
                take(label, record.AsSpan(_labelBytes));
            }

            if (start == 0) throw file.Error(0, $"records of {record.Length:N0} bytes", "an empty file");
        }
    }

    /// <summary>A file that was downloaded twice counts once.</summary>
    private static (string[] Paths, string[] Copies) WithoutCopies(string[] paths)
    {
        var copies = paths.GroupBy(p => new FileInfo(p).Length).Where(g => g.Count() > 1)
            .SelectMany(g => g.OrderBy(p => p.Length).ThenBy(p => p, StringComparer.Ordinal).GroupBy(Hash).SelectMany(same => same.Skip(1)))
            .ToHashSet();
        return ([.. paths.Where(p => !copies.Contains(p))], [.. paths.Where(copies.Contains)]);
    }

    private static UInt128 Hash(string path)
    {
        var hash = new XxHash128();
        using var stream = File.OpenRead(path);
        hash.Append(stream);
        return hash.GetCurrentHashAsUInt128();
    }

    private static string[] Existing(string directory, string name)
    {
        string path = Path.Combine(directory, name);
        return File.Exists(path) ? [path] : [];
    }
}
