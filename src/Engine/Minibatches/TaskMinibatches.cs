using System.Numerics;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Minibatches;

/// <summary>Minibatches of a task: standardised images, drawn uniformly with replacement; and access to its whole splits.</summary>
/// <remarks>
/// Owned by one slot; not thread-safe. Draws are keyed by (seed, problem id, inner-step), so that minibatches can be requested in any
/// order. Images stay bytes in the dataset; a call gathers its rows in one buffer and allocates nothing.
/// </remarks>
public sealed class TaskMinibatches : IMinibatches, IDisposable
{
    /// <summary>
    /// Distance of consecutive inner-steps in the keys of outer minibatches, and so the maximum number of draws per step.
    /// </summary>
    public const int MaxDraws = 64;

    private AlignedBuffer _inputs = new(0);
    private int[] _labels = [];
    private PixelStandardizer _standardizer = null!;
    private IImageDataset _dataset = null!;
    private int _imageLength;
    private InnerTask _task = null!;
    private int[] _classes = [];
    private Examples _train;
    private Examples _valid;
    private float[] _noise = [];
    private TaskNoise _amount;
    private long _seed;
    private long _problemId;

    public TaskMinibatches(InnerTask task, int minibatchSize, long seed, long problemId, TaskNoise noise = default) =>
        SetTask(task, minibatchSize, seed, problemId, noise);

    public int MinibatchSize { get; private set; }

    public InnerTask Task => _task;

    /// <summary>
    /// Switches to another problem, perhaps of another dataset; allocates only if its minibatches or its task are larger than any before,
    /// or the dataset is another.
    /// </summary>
    public void SetTask(InnerTask task, int minibatchSize, long seed, long problemId, TaskNoise noise = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minibatchSize);
        if (!ReferenceEquals(task.Dataset, _dataset))
        {
            _dataset = task.Dataset;
            _imageLength = _dataset.Shape.Length;
            _standardizer = new PixelStandardizer(_dataset.Scale, _dataset.Offset);
        }

        MinibatchSize = minibatchSize;
        if (_labels.Length < minibatchSize) _labels = new int[minibatchSize];
        if (_inputs.Span.Length < minibatchSize * _imageLength)
        {
            _inputs.Dispose();
            _inputs = new AlignedBuffer((long)minibatchSize * _imageLength);
        }

        bool isSame = ReferenceEquals(task, _task) && (seed, problemId, noise.Labels) == (_seed, _problemId, _amount.Labels);
        (_seed, _problemId, _amount) = (seed, problemId, noise);
        if (isSame) return;
        _task = task;
        if (_classes.Length != task.Classes.Count) _classes = new int[task.Classes.Count];
        for (int i = 0; i < _classes.Length; i++) _classes[i] = task.Classes[i];
        _train.Set(task.TrainImages);
        if (noise.Labels > 0) ReplaceLabels();
        _valid.Set(task.ValidImages);
    }

    public Minibatch Inner(long t)
    {
        var random = new RandomStream(_seed, RandomPurpose.InnerMinibatch, _problemId, t);
        var batch = Gather(in _train, ref random);
        if (_amount.Inputs > 0) AddNoise(t);
        return batch;
    }

    public Minibatch Outer(long t, int draw)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)draw, (uint)MaxDraws);
        var random = new RandomStream(_seed, RandomPurpose.OuterMinibatch, _problemId, (t * MaxDraws) + draw);
        return Gather(in _valid, ref random);
    }

    /// <summary>Number of images in a whole split.</summary>
    public int SplitCount(bool valid) => valid ? _valid.Count : _train.Count;

    /// <summary>
    /// Copies rows [start, start + count) of a split: [rows, features] to <paramref name="x"/>, labels to <paramref name="y"/>. Consecutive
    /// rows are of all classes, as in a minibatch: batch normalization would see a single class otherwise.
    /// </summary>
    /// <returns>Number of rows written: fewer than <paramref name="count"/> at the end of the split, 0 past it.</returns>
    public int FillSplit(bool valid, int start, int count, Span<float> x, Span<int> y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ref readonly Examples examples = ref valid ? ref _valid : ref _train;
        count = Math.Clamp(examples.Count - start, 0, count);
        for (int row = 0; row < count; row++)
        {
            int index = (int)((start + row) * (long)examples.Stride % examples.Count);
            y[row] = Fill(in examples, index, x.Slice(row * _imageLength, _imageLength));
        }

        return count;
    }

    public void Dispose() => _inputs.Dispose();

    private Minibatch Gather(scoped in Examples examples, scoped ref RandomStream random)
    {
        var inputs = _inputs.Span[..(MinibatchSize * _imageLength)];
        var labels = _labels.AsSpan(0, MinibatchSize);
        for (int row = 0; row < labels.Length; row++)
            labels[row] = Fill(in examples, random.NextInt32(examples.Count), inputs.Slice(row * _imageLength, _imageLength));
        return new Minibatch(inputs, labels);
    }

    private int Fill(scoped in Examples examples, int index, Span<float> destination)
    {
        var pixels = _dataset.ClassImages(_classes[examples.Classes[index]]).Slice(examples.Images[index] * _imageLength, _imageLength);
        _standardizer.Convert(pixels, destination);
        return examples.Labels[index];
    }

    /// <summary>Gives a share of the training images the label of another class, each equally likely, in all minibatches.</summary>
    private void ReplaceLabels()
    {
        if (_classes.Length < 2) return;
        var random = new RandomStream(_seed, RandomPurpose.LabelNoise, _problemId);
        for (int i = 0; i < _train.Count; i++)
        {
            bool replace = random.NextDouble() < _amount.Labels;
            int other = 1 + random.NextInt32(_classes.Length - 1);
            if (replace) _train.Labels[i] = (_train.Labels[i] + other) % _classes.Length;
        }
    }

    /// <summary>
    /// Noise of the inner-step rather than of the image: like the augmentations of practice it differs whenever an image is drawn, so that
    /// it cannot be memorized.
    /// </summary>
    private void AddNoise(long t)
    {
        int length = MinibatchSize * _imageLength;
        if (_noise.Length < length) _noise = new float[length];
        var random = new RandomStream(_seed, RandomPurpose.InputNoise, _problemId, t);
        var noise = _noise.AsSpan(0, length);
        BellCurve.Fill(ref random, noise, (float)_amount.Inputs);
        VectorKernels.AddScaled(1, noise, _inputs.Span[..length]);
    }

    /// <summary>Examples of one split: class position, label and image number in the class. The arrays may be longer than Count.</summary>
    private struct Examples
    {
        public int[] Classes;
        public int[] Labels;
        public int[] Images;
        public int Count;

        /// <summary>
        /// Step through all examples that visits each once: coprime to Count, and near its golden section, so that any few steps in a row
        /// are spread over the classes.
        /// </summary>
        public int Stride;

        public void Set(IReadOnlyList<int[]> imagesOfClasses)
        {
            int count = 0;
            for (int label = 0; label < imagesOfClasses.Count; label++) count += imagesOfClasses[label].Length;
            if (Labels is null || Labels.Length < count)
            {
                Classes = new int[count];
                Labels = new int[count];
                Images = new int[count];
            }

            Count = 0;
            for (int label = 0; label < imagesOfClasses.Count; label++)
            {
                int[] images = imagesOfClasses[label];
                images.CopyTo(Images, Count);
                Array.Fill(Classes, label, Count, images.Length);
                Array.Fill(Labels, label, Count, images.Length);
                Count += images.Length;
            }

            Stride = Math.Max(1, (int)(0.618034 * Count));
            while (BigInteger.GreatestCommonDivisor(Stride, Count) > 1) Stride++;
        }
    }
}
