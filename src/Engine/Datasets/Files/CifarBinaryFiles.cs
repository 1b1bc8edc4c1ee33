namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Binary version of CIFAR: records of one label byte (CIFAR-100: coarse, fine) and the planes.</summary>
internal sealed class CifarBinaryFiles : CifarFiles
{
    private const int CoarseClasses = 20;
    private const string Ending = ".bin";
    private readonly DatasetPublication _publication;
    private readonly int _labelBytes;

    private CifarBinaryFiles(
        string name, DatasetPublication publication, int classCount, int labelBytes, UniqueFiles batches, IReadOnlyList<string> whole)
        : base(name, classCount, batches, whole)
    {
        _publication = publication;
        _labelBytes = labelBytes;
    }

    /// <summary>The CIFAR-10 files in a folder (data_batch_*.bin, test_batch.bin), as many as exist; null if none does.</summary>
    public static CifarBinaryFiles? FindCifar10(string directory)
    {
        string[] names = [.. Cifar10Batches.Select(name => name + Ending)];
        string[] paths = [.. Existing(directory, names)];
        if (paths.Length == 0) return null;
        // What a browser calls "data_batch_1 (1).bin" is a copy, or another attempt at the same download.
        string[] similar =
        [
            .. Directory.GetFiles(directory, "*_batch*" + Ending).Except(paths).Where(p => !Files.LeftOut.IsSystem(p))
                .Order(StringComparer.Ordinal),
        ];
        return new("CIFAR-10", DatasetPublication.Cifar10, 10, 1, new UniqueFiles(paths, similar), names);
    }

    /// <summary>
    /// The CIFAR-100 files in a folder (train.bin, test.bin), as many as exist, with the fine labels as classes; null if none does.
    /// </summary>
    public static CifarBinaryFiles? FindCifar100(string directory)
    {
        string[] names = ["train" + Ending, "test" + Ending], paths = [.. Existing(directory, names)];
        return paths.Length == 0 ? null : new("CIFAR-100", DatasetPublication.Cifar100, 100, 2, new UniqueFiles(paths), names);
    }

    protected override void Read(Action<int, ReadOnlySpan<byte>> take)
    {
        byte[] record = new byte[_labelBytes + StoredShape.Length];
        foreach (string path in Paths)
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
}
