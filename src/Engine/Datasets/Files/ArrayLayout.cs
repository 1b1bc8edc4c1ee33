using System.Text.RegularExpressions;
using LoptCluster.Shared;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>A dataset of numpy arrays: where its images and labels are.</summary>
/// <param name="Name">Name of the dataset.</param>
/// <param name="Publication">Where it is published.</param>
/// <param name="Parts">Images and labels of each part, such as training and test.</param>
/// <param name="LeftOut">Other arrays in its files; empty: there are none.</param>
/// <param name="Companion">Name of a file that belongs to it; null: none does.</param>
internal sealed partial record ArrayLayout(
    string Name, DatasetPublication Publication, IReadOnlyList<ArrayPart> Parts, string LeftOut = "", string? Companion = null)
{
    private static readonly (string Images, string Labels)[] Names =
    [
        ("x_train.npy", "y_train.npy"), ("x_test.npy", "y_test.npy"),
        ("train_images.npy", "train_labels.npy"), ("val_images.npy", "val_labels.npy"), ("test_images.npy", "test_labels.npy"),
    ];

    /// <summary>The datasets of Keras or MedMNIST in a folder, each of one file, and those of KMNIST's form, of four.</summary>
    /// <param name="archives">npz files of the folder, with the names of their arrays.</param>
    /// <exception cref="UserErrorException">There are images without labels, or labels without images.</exception>
    public static IEnumerable<ArrayLayout> Find(IReadOnlyDictionary<string, string[]> archives)
    {
        foreach (var (path, arrays) in archives.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            var parts = Names.Where(part => arrays.Contains(part.Images)).ToList();
            if (parts.Count == 0) continue;
            string[] others = [.. arrays.Except(parts.SelectMany(p => (string[])[p.Images, p.Labels]))];
            yield return new(
                Path.GetFileNameWithoutExtension(path),
                DatasetPublication.Arrays,
                [.. parts.Select(p => new ArrayPart(new(path, p.Images), new(path, p.Labels)))],
                Files.LeftOut.ByName(others));
        }

        var files = archives.Keys.Select(p => (Path: p, Match: FilePattern().Match(Path.GetFileName(p)))).Where(f => f.Match.Success);
        foreach (var set in files.GroupBy(f => f.Match.Groups["set"].Value).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var publication = DatasetPublication.Kuzushiji(set.Key);
            yield return new(
                publication.Name,
                publication,
                [
                    .. set.GroupBy(f => f.Match.Groups["part"].Value).OrderByDescending(part => part.Key, StringComparer.Ordinal)
                        .Select(part => Pair(set.Key, part.Key, [.. part.Select(f => f.Path)], publication)),
                ],
                Companion: $"{set.Key}_classmap.csv");
        }
    }

    /// <summary>The two files of a part, each of one array.</summary>
    private static ArrayPart Pair(string set, string part, IReadOnlyList<string> paths, DatasetPublication publication)
    {
        const string Only = "arr_0.npy";
        string directory = Path.GetDirectoryName(paths[0])!;
        string images = Path.Combine(directory, $"{set}-{part}-imgs.npz"), labels = Path.Combine(directory, $"{set}-{part}-labels.npz");
        string? missing = ((string[])[images, labels]).FirstOrDefault(p => !paths.Contains(p));
        return missing is null
            ? new(new(images, Only), new(labels, Only))
            : throw new UserErrorException($"'{missing}' is missing beside '{Path.GetFileName(paths[0])}'. {publication.Advice}");
    }

    [GeneratedRegex("^(?<set>.+)-(?<part>train|test)-(imgs|labels)[.]npz$")]
    private static partial Regex FilePattern();
}

/// <summary>Images and labels of one part of a dataset.</summary>
internal sealed record ArrayPart(ArrayEntry Images, ArrayEntry Labels);

/// <summary>An array of an npz file.</summary>
internal sealed record ArrayEntry(string Path, string Name);
