using System.Text;
using Razorvine.Pickle;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>A numpy array of unsigned bytes as a pickle has it.</summary>
public sealed class PickledArray
{
    /// <summary>Length of each dimension.</summary>
    public IReadOnlyList<int> Shape { get; private set; } = [];

    /// <summary>Elements, row after row.</summary>
    public ReadOnlyMemory<byte> Values { get; private set; }

    /// <summary>Takes the state that numpy pickles: version, shape, type, order, bytes. Called by the reader, by this name.</summary>
    public void __setstate__(object[] state)
    {
        if (state is not [_, object[] shape, PickledType { Name: "u1" }, false, var raw])
            throw new PickleException("another array than one of bytes in the order of C");
        Shape = [.. shape.Select(n => (int)n)];
        // Python 2 has bytes in its text type.
        Values = raw as byte[] ?? Encoding.Latin1.GetBytes((string)raw);
    }
}
