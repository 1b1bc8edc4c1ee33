using System.Collections.Concurrent;

namespace LoptCluster.Engine.Datasets.Procedural;

/// <summary>Generated classes of any setting of the generator, shared by datasets that differ in it or in the images per class.</summary>
/// <remarks>
/// Thread-safe. A class grows to the number of images that are asked for, since image i does not depend on their number. Beyond the limit
/// the classes that were asked for least recently are forgotten; who still holds their arrays may go on to use them.
/// </remarks>
internal sealed class ProceduralClasses(long mostBytes)
{
    /// <summary>Enough for 500 classes of 2,000 images of 14×14, or for 100 of 32×32 in colour.</summary>
    public const long DefaultBytes = 1L << 30;

    private readonly ConcurrentDictionary<ImageShape, Lazy<ProceduralWorld>> _worlds = new();
    private readonly Dictionary<(ProceduralParameters Setting, int Class), LinkedListNode<Entry>> _classes = [];
    private readonly LinkedList<Entry> _latestFirst = new();
    private readonly Lock _lock = new();
    private long _bytes;

    /// <summary>Bytes of all classes that are kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _bytes;
        }
    }

    public ProceduralWorld World(ImageShape shape) => _worlds.GetOrAdd(shape, s => new Lazy<ProceduralWorld>(() => new(s))).Value;

    /// <summary>At least the first ImagesPerClass images of a class.</summary>
    public byte[] Images(ProceduralParameters parameters, int classIndex)
    {
        var key = (parameters with { ImagesPerClass = 0 }, classIndex);
        byte[] known = Find(key);
        int length = parameters.Shape.Length, missingFrom = known.Length / length;
        if (missingFrom >= parameters.ImagesPerClass) return known;
        // Not under the lock: two threads may generate the same bytes, and the longer array is kept.
        byte[] images = new byte[parameters.ImagesPerClass * length];
        known.CopyTo(images, 0);
        var painter = new ClassPainter(parameters, World(parameters.Shape), classIndex);
        for (int i = missingFrom; i < parameters.ImagesPerClass; i++) painter.Paint(i, images.AsSpan(i * length, length));
        Keep(key, images);
        return images;
    }

    private byte[] Find((ProceduralParameters, int) key)
    {
        lock (_lock)
        {
            if (!_classes.TryGetValue(key, out var node)) return [];
            _latestFirst.Remove(node);
            _latestFirst.AddFirst(node);
            return node.Value.Images;
        }
    }

    private void Keep((ProceduralParameters, int) key, byte[] images)
    {
        lock (_lock)
        {
            if (_classes.TryGetValue(key, out var node))
            {
                if (node.Value.Images.Length >= images.Length) return;
                _bytes += images.Length - node.Value.Images.Length;
                node.Value = new Entry(key, images);
            }
            else
            {
                _bytes += images.Length;
                _classes.Add(key, _latestFirst.AddFirst(new Entry(key, images)));
            }

            while (_bytes > mostBytes && _latestFirst.Count > 1)
            {
                var oldest = _latestFirst.Last!.Value;
                _bytes -= oldest.Images.Length;
                _classes.Remove(oldest.Key);
                _latestFirst.RemoveLast();
            }
        }
    }

    private readonly record struct Entry((ProceduralParameters Setting, int Class) Key, byte[] Images);
}
