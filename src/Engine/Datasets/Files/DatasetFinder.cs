using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Finds the dataset in a folder, or one or two levels below it, as archives and libraries leave it there.</summary>
internal static class DatasetFinder
{
    private const int Levels = 2;

    /// <summary>Folders of a level that are looked into: in somebody's home the search ends soon.</summary>
    private const int MostFolders = 1000;

    private static readonly EnumerationOptions Accessible = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    private const string Known =
        "CIFAR-10 or CIFAR-100, binary or Python version (https://www.cs.toronto.edu/~kriz/cifar.html), MNIST and its relatives (IDX, also "
        + ".gz; http://yann.lecun.com/exdb/mnist/), arrays of Keras, MedMNIST or KMNIST (npz), ImageNet 32×32 (npz; "
        + "https://image-net.org/download-images), or a sub-folder of images (png, jpg, bmp, gif) per class";

    /// <returns>The dataset, and what lies beside it and is not read; empty: nothing.</returns>
    /// <exception cref="UserErrorException">
    /// There is no such folder, it cannot be read, it holds no known dataset, or there are several in it or below it.
    /// </exception>
    public static (IImageFiles Files, string Beside) Find(RunSpecification specification, string? directory)
    {
        if (string.IsNullOrEmpty(directory))
            throw new UserErrorException($"dataset 'files' needs a folder. Pass --data DIR with {Known}, or set dataset = 'procedural'.");
        if (File.Exists(directory))
        {
            throw new UserErrorException(
                $"'{directory}' is a file. Name the folder that holds it"
                    + (FolderContents.IsArchive(directory) ? ", after unpacking it there." : $": {Known}."));
        }

        if (!Directory.Exists(directory))
            throw new UserErrorException($"The folder '{directory}' does not exist. It must hold {Known}.");
        try
        {
            if (Named(directory) is { } named) return named;
            var images = Images(directory, specification);
            return images is { Objection: null } ? (images, "") : FindBelow(directory, images?.Objection, specification);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unreadable(directory, e);
        }
    }

    public static UserErrorException Unreadable(string directory, UnauthorizedAccessException e) =>
        new($"The folder '{directory}' cannot be read: {e.Message}", e);

    /// <summary>The dataset of files with names of their own in a folder; null: it has none.</summary>
    /// <exception cref="UserErrorException">There are several, or one of them is damaged.</exception>
    private static (IImageFiles Files, string Beside)? Named(string directory)
    {
        IImageFiles[] found =
        [
            .. ((IImageFiles?[])
            [
                CifarBinaryFiles.FindCifar10(directory), CifarBinaryFiles.FindCifar100(directory), CifarPythonFiles.Find(directory),
                IdxFiles.Find(directory), ArrayFiles.Find(directory),
            ]).OfType<IImageFiles>(),
        ];
        if (found.Length == 0) return null;
        if (found is [var only]) return (only, LeftOut.Beside(directory, [.. only.Paths, .. only.Companions]));
        throw new UserErrorException(
            $"The folder '{directory}' holds {found.Length} datasets: "
                + $"{string.Join(", ", found.Select(f => $"{f.Name} ('{Path.GetFileName(f.Paths[0])}', …)"))}. "
                + "Move the files of the one that is meant to a folder of its own, and name that.");
    }

    private static ImageFolderFiles? Images(string directory, RunSpecification specification) =>
        ImageFolderFiles.Find(directory, specification.ImageSize == 0, specification.ImageChannels == 0);

    private static (IImageFiles Files, string Beside) FindBelow(string directory, string? objection, RunSpecification specification)
    {
        string[] folders = [directory];
        UserErrorException? problem = null;
        for (int level = 0; level < Levels; level++)
        {
            folders =
            [
                .. folders.SelectMany(d => Directory.GetDirectories(d, "*", Accessible)).Where(d => !LeftOut.IsSystem(d))
                    .Order(StringComparer.Ordinal),
            ];
            if (folders.Length > MostFolders) break;
            var looked = folders.Select(d => Look(d, specification)).ToList();
            var found = looked.Where(f => f.IsDataset).ToList();
            if (found.Count > 1) throw Several(directory, [.. found.Select(f => f.Folder)]);
            if (found is [var only])
                return (only.Files ?? throw only.Problem!, LeftOut.Join(only.Beside, BesideOnTheWay(directory, only.Folder)));
            problem ??= looked.FirstOrDefault(f => f.Problem is not null)?.Problem;
        }

        if (objection is null) throw problem ?? NotRecognised(directory);
        throw new UserErrorException(
            $"The folder '{directory}' {objection}. Sort the images into a folder for each class, and name the folder that holds these.");
    }

    /// <summary>What a folder below the given one is: a dataset is also one that is damaged.</summary>
    private static LookedAt Look(string folder, RunSpecification specification)
    {
        bool isDataset = true;
        try
        {
            if (Named(folder) is { } named) return new(folder, true, named.Files, named.Beside, null);
            isDataset = false;
            return Images(folder, specification) is { Objection: null } images
                ? new(folder, true, images, "", null)
                : new(folder, false, null, "", null);
        }
        catch (UserErrorException e)
        {
            return new(folder, isDataset, null, "", e);
        }
        catch (UnauthorizedAccessException e)
        {
            return new(folder, false, null, "", Unreadable(folder, e));
        }
    }

    /// <summary>What the folders above a dataset hold beside the way to it.</summary>
    private static string BesideOnTheWay(string directory, string folder)
    {
        var beside = new List<string>();
        for (string at = folder; at != directory && Path.GetDirectoryName(at) is { } above; at = above)
        {
            beside.Insert(0, LeftOut.Beside(above, [at]));
            if (Path.GetFullPath(above) == Path.GetFullPath(Path.TrimEndingDirectorySeparator(directory))) break;
        }

        return LeftOut.Join(beside);
    }

    private static UserErrorException Several(string directory, string[] found) => new(
        $"The folder '{directory}' holds no dataset itself, but {found.Length} folders below it do: "
            + $"{string.Join(", ", found.Take(5).Select(f => $"'{Path.GetRelativePath(directory, f)}'"))}. Name one of them.");

    private static UserErrorException NotRecognised(string directory) => new(
        $"The folder '{directory}' holds no known dataset: expected {Known}; found {FolderContents.Describe(directory)}."
            + FolderContents.Advise(directory));

    /// <summary>A folder, and the dataset or the problem that is in it.</summary>
    private sealed record LookedAt(string Folder, bool IsDataset, IImageFiles? Files, string Beside, UserErrorException? Problem);
}
