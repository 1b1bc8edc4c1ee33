using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets.Files;

/// <summary>Finds the dataset in a folder, or one or two levels below it, as archives and libraries leave it there.</summary>
internal static class DatasetFinder
{
    private const int Levels = 2;
    private const int LeastClasses = 2;

    /// <summary>Folders of a level that are looked into: in somebody's home the search ends soon.</summary>
    private const int MostFolders = 1000;

    private static readonly EnumerationOptions Accessible = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    private const string Known =
        "CIFAR-10 (data_batch_*.bin, test_batch.bin) or CIFAR-100 (train.bin, test.bin), binary or Python version, from "
        + "https://www.cs.toronto.edu/~kriz/cifar.html, "
        + "MNIST and its relatives (train-images-idx3-ubyte, … also .gz) from http://yann.lecun.com/exdb/mnist/, "
        + "ImageNet 32×32 (*.npz) from https://image-net.org/download-images, or a sub-folder of images (png, jpg, bmp, gif) per class";

    /// <exception cref="UserErrorException">
    /// There is no such folder, it cannot be read, it holds no known dataset, or there are several below it.
    /// </exception>
    public static IImageFiles Find(RunSpecification specification, string? directory)
    {
        if (string.IsNullOrEmpty(directory))
            throw new UserErrorException($"dataset 'files' needs a folder. Pass --data DIR with {Known}, or set dataset = 'procedural'.");
        if (File.Exists(directory))
        {
            throw new UserErrorException(
                $"'{directory}' is a file. Name the folder that holds it"
                    + (IsArchive(directory) ? ", after unpacking it there." : $": {Known}."));
        }

        if (!Directory.Exists(directory))
            throw new UserErrorException($"The folder '{directory}' does not exist. It must hold {Known}.");
        try
        {
            return Recognise(directory, specification) ?? FindBelow(directory, specification);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unreadable(directory, e);
        }
    }

    public static UserErrorException Unreadable(string directory, UnauthorizedAccessException e) =>
        new($"The folder '{directory}' cannot be read: {e.Message}", e);

    private static IImageFiles? Recognise(string directory, RunSpecification specification) =>
        CifarFiles.FindCifar10(directory)
        ?? CifarFiles.FindCifar100(directory)
        ?? CifarPythonFiles.Find(directory)
        ?? MnistFiles.Find(directory)
        ?? ImageNetFiles.Find(directory)
        ?? (IImageFiles?)ImageFolderFiles.Find(directory, specification.ImageSize == 0, specification.ImageChannels == 0);

    private static IImageFiles FindBelow(string directory, RunSpecification specification)
    {
        string[] folders = [directory];
        for (int level = 0; level < Levels; level++)
        {
            folders =
            [
                .. folders.SelectMany(d => Directory.GetDirectories(d, "*", Accessible)).Where(d => !LeftOut.IsSystem(d))
                    .Order(StringComparer.Ordinal),
            ];
            if (folders.Length > MostFolders) break;
            var found = folders.Select(d => (Folder: d, Files: TryRecognise(d, specification)))
                .Where(d => d.Files?.ClassCount >= LeastClasses).ToList();
            if (found.Count == 1) return found[0].Files!;
            if (found.Count > 1) throw Several(directory, [.. found.Select(d => d.Folder)]);
        }

        throw NotRecognised(directory);
    }

    private static IImageFiles? TryRecognise(string directory, RunSpecification specification)
    {
        try
        {
            return Recognise(directory, specification);
        }
        catch (Exception e) when (e is UserErrorException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static UserErrorException Several(string directory, string[] found) => new(
        $"The folder '{directory}' holds no dataset itself, but {found.Length} folders below it do: "
            + $"{string.Join(", ", found.Take(5).Select(f => $"'{Path.GetRelativePath(directory, f)}'"))}. Name one of them.");

    private static UserErrorException NotRecognised(string directory)
    {
        const int Shown = 5;
        string[] entries = [.. Directory.GetFileSystemEntries(directory).Select(e => Path.GetFileName(e)).Where(e => !e.StartsWith('.'))
            .Order(StringComparer.Ordinal)];
        string found = entries.Length == 0 ? "nothing" : string.Join(", ", entries.Take(Shown)) + (entries.Length > Shown ? ", …" : "");
        string advice = entries.Any(IsArchive) ? " Unpack the archive first."
            : "";
        return new($"The folder '{directory}' holds no known dataset: expected {Known}; found {found}.{advice}");
    }

    private static bool IsArchive(string name) =>
        name.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase)
        || Path.GetExtension(name).ToUpperInvariant() is ".ZIP" or ".TAR" or ".TGZ";
}
