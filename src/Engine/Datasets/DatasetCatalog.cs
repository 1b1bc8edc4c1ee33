using LoptCluster.Engine.Datasets.Files;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets;

/// <summary>Opens the dataset that a specification asks for.</summary>
public static class DatasetCatalog
{
    private const string Known =
        "CIFAR-10 (data_batch_*.bin, test_batch.bin) or CIFAR-100 (train.bin, test.bin) from https://www.cs.toronto.edu/~kriz/cifar.html, "
        + "MNIST (train-images-idx3-ubyte, … also .gz) from http://yann.lecun.com/exdb/mnist/, "
        + "ImageNet 32×32 (*.npz) from https://image-net.org/download-images, or a sub-folder of images (png, jpg, bmp) per class";

    /// <summary>Opens the images of a whole run: one dataset, or those of a mixture.</summary>
    /// <inheritdoc cref="Open"/>
    public static IRunImages OpenRun(RunSpecification specification, string? directory) =>
        specification.Tasks.IsEmpty ? Open(specification, directory) : new MixtureCatalog(specification, directory);

    /// <param name="directory">Folder with the files of a real dataset; ignored for the procedural one.</param>
    /// <exception cref="UserErrorException">The folder or one of its files is missing, damaged or in an unknown format.</exception>
    public static IImageDataset Open(RunSpecification specification, string? directory) => specification.Dataset switch
    {
        DatasetKind.Procedural => new ProceduralDataset(specification),
        DatasetKind.Files => OpenFiles(specification, FolderOf(specification, directory)),
        _ => throw new UserErrorException(
            $"dataset '{specification.Dataset}' is unknown. Use '{DatasetKind.Procedural}' or '{DatasetKind.Files}'."),
    };

    /// <summary>
    /// Whether the files that a run needs are there and of a known format. Reads none of them; what is in them is not checked.
    /// </summary>
    /// <param name="directory">Folder with the files; ignored where all images are generated.</param>
    /// <exception cref="UserErrorException">A folder is missing, cannot be read, or holds no known dataset.</exception>
    public static void Find(RunSpecification specification, string? directory)
    {
        foreach (var problem in WithFiles(specification)) FindFiles(problem, FolderOf(problem, directory));
    }

    /// <summary>Whether a run needs files: not all its images are generated.</summary>
    public static bool NeedsFiles(RunSpecification specification) => WithFiles(specification).Any();

    private static IEnumerable<RunSpecification> WithFiles(RunSpecification specification) =>
        new TaskMixture(specification).Corners().Select(corner => corner.Specification)
            .Where(problem => problem is { Dataset: DatasetKind.Files, InnerProblem: not InnerProblemKind.Quadratic });

    private static string? FolderOf(RunSpecification specification, string? directory) =>
        string.IsNullOrEmpty(directory) || specification.DataFolder.Length == 0
            ? directory
            : Path.Combine(directory, specification.DataFolder);

    private static MemoryImageDataset OpenFiles(RunSpecification specification, string? directory)
    {
        var files = FindFiles(specification, directory);
        try
        {
            return ImageFileLoader.Load(files, specification);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unreadable(directory!, e);
        }
    }

    private static IImageFiles FindFiles(RunSpecification specification, string? directory)
    {
        if (string.IsNullOrEmpty(directory))
            throw new UserErrorException($"dataset 'files' needs a folder. Pass --data DIR with {Known}, or set dataset = 'procedural'.");
        if (!Directory.Exists(directory))
            throw new UserErrorException($"The folder '{directory}' does not exist. It must hold {Known}.");
        try
        {
            return Recognise(directory, specification) ?? throw NotRecognised(directory, specification);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unreadable(directory, e);
        }
    }

    private static UserErrorException Unreadable(string directory, UnauthorizedAccessException e) =>
        new($"The folder '{directory}' cannot be read: {e.Message}", e);

    private static IImageFiles? Recognise(string directory, RunSpecification specification) =>
        CifarFiles.FindCifar10(directory)
        ?? CifarFiles.FindCifar100(directory)
        ?? MnistFiles.Find(directory)
        ?? ImageNetFiles.Find(directory)
        ?? (IImageFiles?)ImageFolderFiles.Find(directory, keepSize: specification.ImageSize == 0);

    private static UserErrorException NotRecognised(string directory, RunSpecification specification)
    {
        const int Shown = 5;
        string[] entries = [.. Directory.GetFileSystemEntries(directory).Select(e => Path.GetFileName(e)).Where(e => !e.StartsWith('.'))
            .Order(StringComparer.Ordinal)];
        string found = entries.Length == 0 ? "nothing" : string.Join(", ", entries.Take(Shown)) + (entries.Length > Shown ? ", …" : "");
        string? below = Directory.GetDirectories(directory).Order(StringComparer.Ordinal)
            .FirstOrDefault(d => IsRecognised(d, specification));
        string advice = below is not null ? $" Did you mean '{below}'?"
            : entries.Any(e => e.EndsWith(".tar.gz", StringComparison.Ordinal)) ? " Unpack the archive first."
            : entries.Contains("data_batch_1") ? " This is the Python version of CIFAR-10; download the binary version."
            : "";
        return new($"The folder '{directory}' holds no known dataset: expected {Known}; found {found}.{advice}");
    }

    private static bool IsRecognised(string directory, RunSpecification specification)
    {
        try
        {
            return Recognise(directory, specification) is not null;
        }
        catch (Exception e) when (e is UserErrorException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
