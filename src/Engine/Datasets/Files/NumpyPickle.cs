using System.Collections;
using System.Text;
using LoptCluster.Shared;
using Razorvine.Pickle;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Reads a pickled dictionary with arrays of bytes. Classes of Python other than numpy's array are refused, and none is called.</summary>
internal static class NumpyPickle
{
    static NumpyPickle()
    {
        foreach (string module in (string[])["numpy.core.multiarray", "numpy._core.multiarray"])
            Unpickler.registerConstructor(module, "_reconstruct", new Constructor(_ => new PickledArray()));
        Unpickler.registerConstructor("numpy", "ndarray", new Constructor(_ => throw new PickleException("numpy.ndarray is called")));
        Unpickler.registerConstructor("numpy", "dtype", new Constructor(arguments => new PickledType((string)arguments[0])));
    }

    /// <exception cref="UserErrorException">The file is no such dictionary.</exception>
    public static Hashtable Read(string path, DatasetPublication publication)
    {
        byte[] bytes = DatasetFile.Guard(path, publication, 0, () => File.ReadAllBytes(path));
        try
        {
            using var unpickler = new Unpickler();
            return unpickler.loads(bytes) as Hashtable ?? throw new PickleException("another object than a dictionary");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The reader throws exceptions of many types on damaged data.
            throw DatasetFile.Error(path, publication, 0, "a pickled dictionary", $"'{e.Message.ReplaceLineEndings(" ")}'");
        }
    }

    private sealed class Constructor(Func<object[], object> construct) : IObjectConstructor
    {
        object IObjectConstructor.construct(object[] args) => construct(args);
    }
}

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

/// <summary>A numpy type as a pickle has it.</summary>
/// <param name="Name">Numpy's code, such as "u1".</param>
public sealed record PickledType(string Name)
{
    /// <summary>Takes what numpy pickles of a type beside its name: nothing that bytes need. Called by the reader, by this name.</summary>
    public void __setstate__(object[] state) => _ = state;
}
