using static TorchSharp.torch;

namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>
/// The minibatches of a sample as rows of one tensor of images, gathered step by step: what a user with the dataset in memory does.
/// </summary>
/// <remarks>
/// Images are floats, padded and in the net's layout already, their rows in no order. The engine gathers too, and from bytes.
/// </remarks>
internal sealed class TorchMinibatches
{
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly Tensor[] _rows;

    private TorchMinibatches(Tensor images, Tensor labels, Tensor[] rows) => (_images, _labels, _rows) = (images, labels, rows);

    /// <summary>Copies minibatches 0 … count − 1.</summary>
    public static TorchMinibatches Copy(ITorchNet net, int count, Func<int, (float[] Images, int[] Labels)> minibatch)
    {
        var all = Enumerable.Range(0, count).Select(minibatch).ToList();
        int size = all[0].Labels.Length, length = all[0].Images.Length / size;
        int[] places = Enumerable.Range(0, count * size).ToArray();
        new Random(1).Shuffle(places);
        float[] images = new float[places.Length * length];
        long[] labels = new long[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            var (from, row) = (all[i / size], i % size);
            from.Images.AsSpan(row * length, length).CopyTo(images.AsSpan(places[i] * length));
            labels[places[i]] = from.Labels[row];
        }

        var rows = places.Chunk(size).Select(p => tensor(Array.ConvertAll(p, place => (long)place)));
        return new TorchMinibatches(net.Inputs(images, places.Length), tensor(labels), [.. rows]);
    }

    public (Tensor X, Tensor Y) At(int step) => (_images.index_select(0, _rows[step]), _labels.index_select(0, _rows[step]));
}
