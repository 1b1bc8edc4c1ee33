using System.Collections;
using LoptCluster.Shared;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Python version of CIFAR, as torchvision and Keras download it: pickled dictionaries with data [N, 3 × 32 × 32] and a list of labels.
/// </summary>
internal sealed class CifarPythonFiles : CifarFiles
{
    private static readonly DatasetPublication Publication = DatasetPublication.CifarPython;
    private readonly string _labels;

    private CifarPythonFiles(string name, int classCount, string labels, string[] paths, IReadOnlyList<string> whole)
        : base(name, classCount, new UniqueFiles(paths), whole) => _labels = labels;

    /// <summary>The batches in a folder, as many as exist; null if none does.</summary>
    public static CifarPythonFiles? Find(string directory)
    {
        string[] batches = [.. Existing(directory, Cifar10Batches)];
        if (batches.Length > 0) return new CifarPythonFiles("CIFAR-10", 10, "labels", batches, Cifar10Batches);
        // Their names are common; the file beside them is not.
        string[] names = ["train", "test"];
        string[] parts = File.Exists(Path.Combine(directory, "meta")) ? [.. Existing(directory, names)] : [];
        return parts.Length == 0 ? null : new CifarPythonFiles("CIFAR-100", 100, "fine_labels", parts, names);
    }

    protected override void Read(Action<int, ReadOnlySpan<byte>> take)
    {
        foreach (string path in Paths)
        {
            var batch = NumpyPickle.Read(path, Publication);
            if (batch["data"] is not PickledArray { Shape: [var count, var length] } data || length != StoredShape.Length
                || data.Values.Length != (long)count * length)
                throw Error(path, $"an entry 'data' of [N, {StoredShape.Length:N0}] bytes", batch);
            if (batch[_labels] is not ArrayList labels || labels.Count != count)
                throw Error(path, $"an entry '{_labels}' of {count:N0} labels", batch);
            for (int i = 0; i < count; i++)
            {
                if (labels[i] is not int label || label < 0 || label >= ClassCount)
                    throw DatasetFile.Error(path, Publication, 0, $"labels of 0 to {ClassCount - 1}", $"'{labels[i]}' of image {i}");
                take(label, data.Values.Span.Slice(i * length, length));
            }
        }
    }

    private static UserErrorException Error(string path, string expected, Hashtable batch) => DatasetFile.Error(
        path, Publication, 0, expected, $"entries {string.Join(", ", batch.Keys.Cast<object>().Select(k => $"'{k}'").Order())}");
}
