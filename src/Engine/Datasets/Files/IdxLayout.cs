using System.Collections.Immutable;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>A dataset of IDX files: how its files are called, and what is in them.</summary>
/// <param name="Name">Name of the dataset.</param>
/// <param name="Prefix">What the names of its files begin with.</param>
/// <param name="Parts">Parts, such as "train", each of a file of images and one of labels.</param>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="Publication">Where it is published.</param>
internal sealed record IdxLayout(
    string Name, string Prefix, ImmutableArray<string> Parts, int ClassCount, DatasetPublication Publication)
{
    private static readonly ImmutableArray<string> TrainAndTest = ["train", "test"];

    /// <summary>MNIST and what is published in its form (Fashion-MNIST, KMNIST).</summary>
    public static IdxLayout Mnist { get; } = new("MNIST", "", ["train", "t10k"], 10, DatasetPublication.Mnist);

    /// <summary>MNIST; QMNIST, whose labels are rows of eight numbers, the class the first; the six splits of EMNIST.</summary>
    public static ImmutableArray<IdxLayout> All { get; } =
    [
        Mnist,
        new("QMNIST", "qmnist-", TrainAndTest, 10, DatasetPublication.Qmnist) { LabelsEnding = "idx2-int" },
        Emnist("balanced", 47), Emnist("byclass", 62), Emnist("bymerge", 47), Emnist("digits", 10), Emnist("letters", 26, firstLabel: 1),
        Emnist("mnist", 10),
    ];

    /// <summary>Label of the first class.</summary>
    public int FirstLabel { get; private init; }

    /// <summary>Whether images are stored column after column.</summary>
    public bool IsTransposed { get; private init; }

    /// <summary>End of the names of label files: bytes, or rows of big-endian numbers of 32 bits.</summary>
    public string LabelsEnding { get; private init; } = "idx1-ubyte";

    public string ImagesName(string part) => $"{Prefix}{part}-images-idx3-ubyte";

    public string LabelsName(string part) => $"{Prefix}{part}-labels-{LabelsEnding}";

    /// <summary>The file of a name in a folder, as it is or packed (.gz), with the separator '-' or '.'; null if there is none.</summary>
    public static string? Existing(string directory, string name)
    {
        foreach (string spelling in (string[])[name, name.Replace("-idx", ".idx", StringComparison.Ordinal)])
        {
            foreach (string ending in (string[])["", ".gz"])
            {
                string path = Path.Combine(directory, spelling + ending);
                if (File.Exists(path)) return path;
            }
        }

        return null;
    }

    private static IdxLayout Emnist(string split, int classCount, int firstLabel = 0) =>
        new($"EMNIST {split}", $"emnist-{split}-", TrainAndTest, classCount, DatasetPublication.Emnist)
        {
            FirstLabel = firstLabel,
            IsTransposed = true,
        };
}
