using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Counts image files with the bytes of another one: that image may be of both splits or of two classes. Thread-safe.
/// </summary>
internal sealed class RepeatedImages
{
    private readonly ConcurrentDictionary<UInt128, byte> _seen = new();
    private int _repeated;

    /// <param name="file">The file, whole.</param>
    public void Add(ReadOnlySpan<byte> file)
    {
        if (!_seen.TryAdd(XxHash128.HashToUInt128(file), 0)) Interlocked.Increment(ref _repeated);
    }

    /// <summary>Such as "3 images have the bytes of another"; empty: none has.</summary>
    public override string ToString() => _repeated switch
    {
        0 => "",
        1 => "1 image has the bytes of another",
        var n => string.Create(CultureInfo.InvariantCulture, $"{n:N0} images have the bytes of another"),
    };
}
