using System.Collections;
using System.Text;
using LoptCluster.Shared;
using Razorvine.Pickle;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Reads a pickled dictionary with arrays of bytes. Classes of Python other than numpy's array are refused, and none is called.
/// </summary>
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
            return unpickler.loads(bytes) is Hashtable dictionary
                ? WithTextKeys(dictionary)
                : throw new PickleException("another object than a dictionary");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The reader throws exceptions of many types on damaged data.
            throw DatasetFile.Error(path, publication, 0, "a pickled dictionary", $"'{e.Message.ReplaceLineEndings(" ")}'");
        }
    }

    /// <summary>Keys as text: those that Python 2 wrote, read as bytes and pickled anew by Python 3, are bytes.</summary>
    private static Hashtable WithTextKeys(Hashtable dictionary)
    {
        var named = new Hashtable(dictionary.Count);
        foreach (DictionaryEntry entry in dictionary)
            named[entry.Key is byte[] key ? Encoding.Latin1.GetString(key) : entry.Key] = entry.Value;
        return named;
    }

    private sealed class Constructor(Func<object[], object> construct) : IObjectConstructor
    {
        object IObjectConstructor.construct(object[] args) => construct(args);
    }
}
