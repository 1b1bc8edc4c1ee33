using System.Collections.Immutable;
using System.Reflection;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>The trained θ that ship with the program. Wherever a path of a θ file is taken, <c>theta:NAME</c> names one of them.</summary>
public static class ThetaCatalog
{
    /// <summary>What the name of a θ of the catalog begins with where a path could stand.</summary>
    public const string Prefix = "theta:";

    private const string ResourcePrefix = "theta/";
    private const string FileEnding = ".safetensors";
    private const string CardEnding = ".card.json";
    private const string AboutEnding = ".about.json";

    private static Assembly Home => typeof(ThetaCatalog).Assembly;

    /// <summary>Names without <see cref="Prefix"/>, in alphabetical order.</summary>
    public static ImmutableArray<string> Names { get; } =
        [.. from resource in Home.GetManifestResourceNames()
            where resource.StartsWith(ResourcePrefix, StringComparison.Ordinal) && resource.EndsWith(FileEnding, StringComparison.Ordinal)
            let name = resource[ResourcePrefix.Length..^FileEnding.Length]
            orderby name
            select name];

    /// <summary>Whether a path names a θ of the catalog, known or not, instead of a file.</summary>
    public static bool IsNamed(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>A θ with what is known about it.</summary>
    /// <param name="name">With or without <see cref="Prefix"/>.</param>
    /// <exception cref="UserErrorException">There is no such θ.</exception>
    public static ShippedTheta Get(string name)
    {
        string path = IsNamed(name) ? name : Prefix + name, known = Known(path);
        return ShippedTheta.Parse(known, ThetaFile.Read(path), ThetaCard.ReadSpecification(path)!, Bytes(known + AboutEnding));
    }

    /// <summary>Writes the file of a θ and its card beside it, byte for byte as they ship.</summary>
    /// <param name="name">With or without <see cref="Prefix"/>.</param>
    /// <param name="path">Path of the safetensors file.</param>
    /// <exception cref="UserErrorException">There is no such θ, or the path cannot be written.</exception>
    public static void Copy(string name, string path)
    {
        string known = Known(name);
        ThetaFile.Write(path, Bytes(known + FileEnding));
        ThetaFile.Write(ThetaCard.PathOf(path), Bytes(known + CardEnding));
    }

    /// <summary>Bytes of the safetensors file of a θ.</summary>
    /// <exception cref="UserErrorException">There is no such θ.</exception>
    internal static byte[] File(string name) => Bytes(Known(name) + FileEnding);

    /// <summary>Bytes of the card of a θ.</summary>
    /// <exception cref="UserErrorException">There is no such θ.</exception>
    internal static byte[] Card(string name) => Bytes(Known(name) + CardEnding);

    private static string Known(string name)
    {
        string bare = IsNamed(name) ? name[Prefix.Length..] : name;
        if (Names.Contains(bare)) return bare;
        string hint = Nearest.Of(bare, Names) is { } nearest ? $" Did you mean '{Prefix}{nearest}'?" : "";
        throw new UserErrorException(
            $"'{name}' is not a θ that ships with lopt.{hint} There are {string.Join(", ", Names.Select(known => Prefix + known))}; "
                + "'lopt theta list' describes them.");
    }

    private static byte[] Bytes(string file)
    {
        using var stream = Home.GetManifestResourceStream(ResourcePrefix + file)
            ?? throw new InvalidOperationException($"The program has no resource '{ResourcePrefix}{file}'.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
