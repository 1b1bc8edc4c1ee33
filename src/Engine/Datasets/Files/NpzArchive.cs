using System.IO.Compression;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Numpy arrays in a zip archive (npz), each an entry NAME.npy with a checksum.</summary>
internal sealed class NpzArchive : IDisposable
{
    private const int MaxImages = 100_000_000;
    private readonly string _path;
    private readonly DatasetPublication _publication;
    private readonly ZipArchive _archive;

    /// <exception cref="Shared.UserErrorException">It is no archive, or cannot be read.</exception>
    public NpzArchive(string path, DatasetPublication publication)
    {
        _path = path;
        _publication = publication;
        _archive = DatasetFile.Guard(path, publication, 0, () => ZipFile.OpenRead(path));
    }

    /// <summary>Names of the entries, such as "x_train.npy".</summary>
    public IEnumerable<string> Names => _archive.Entries.Select(e => e.FullName);

    /// <exception cref="Shared.UserErrorException">There is no such entry.</exception>
    public DatasetFile Open(string name)
    {
        var entry = _archive.GetEntry(name)
            ?? throw DatasetFile.Error(_path, _publication, 0, $"an entry {name}", string.Join(", ", Names.Take(8)));
        var stream = DatasetFile.Guard(_path, _publication, 0, entry.Open);
        return DatasetFile.Over(
            new ChecksummedStream(new BufferedStream(stream, 1 << 20), entry.Crc32), $"{_path}/{name}", _publication);
    }

    /// <summary>Whole numbers [N] or [N, 1].</summary>
    /// <param name="name">Name of the entry.</param>
    /// <param name="least">The least that is allowed.</param>
    /// <param name="most">The largest that is allowed.</param>
    public int[] ReadLabels(string name, int least, int most)
    {
        using var file = Open(name);
        var header = NpyHeader.Read(file);
        if (header.IntegerBytes == 0) throw file.Error(0, "whole numbers (descr <i8, |u1 …)", header.Type);
        if (header.Shape is not ([_] or [_, 1])) throw file.Error(0, "labels in one dimension", $"{header.Shape.Length} dimensions");
        if (header.Shape[0] > MaxImages) throw file.Error(0, $"at most {MaxImages:N0} labels", $"{header.Shape[0]:N0}");
        long start = file.Position;
        byte[] raw = new byte[header.Shape[0] * header.IntegerBytes];
        file.Read(raw, $"{header.Shape[0]:N0} labels");
        file.ExpectEnd();
        int[] labels = new int[header.Shape[0]];
        for (int i = 0; i < labels.Length; i++)
        {
            long label = header.ReadInteger(raw, i);
            if (label < least || label > most)
                throw file.Error(start + ((long)i * header.IntegerBytes), $"a label of {least} to {most:N0}", $"{label}");
            labels[i] = (int)label;
        }

        return labels;
    }

    public void Dispose() => _archive.Dispose();
}
