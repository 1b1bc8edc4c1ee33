using LoptCluster.Engine.Datasets.Files;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets;

/// <summary>Opens the dataset that a specification asks for.</summary>
public static class DatasetCatalog
{
    /// <summary>Opens the images of a whole run: one dataset, or those of a mixture.</summary>
    /// <inheritdoc cref="Open"/>
    public static IRunImages OpenRun(RunSpecification specification, string? directory) =>
        specification.Tasks.IsEmpty ? Open(specification, directory) : new MixtureCatalog(specification, directory);

    /// <param name="directory">Folder with the files of a real dataset; ignored for the procedural one.</param>
    /// <exception cref="UserErrorException">The folder or one of its files is missing, damaged or in an unknown format.</exception>
    public static IImageDataset Open(RunSpecification specification, string? directory) => specification.Dataset switch
    {
        DatasetKind.Procedural => new ProceduralDataset(specification),
        DatasetKind.Files => Printable(() => OpenFiles(specification, FolderOf(specification, directory))),
        _ => throw new UserErrorException(
            $"dataset '{specification.Dataset}' is unknown. Use '{DatasetKind.Procedural}' or '{DatasetKind.Files}'."),
    };

    /// <summary>
    /// Whether the files that a run needs are there and of a known format. What is in them is not checked.
    /// </summary>
    /// <param name="directory">Folder with the files; ignored where all images are generated.</param>
    /// <exception cref="UserErrorException">A folder is missing, cannot be read, or holds no known dataset.</exception>
    public static void Find(RunSpecification specification, string? directory)
    {
        foreach (var problem in WithFiles(specification)) _ = Printable(() => DatasetFinder.Find(problem, FolderOf(problem, directory)));
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

    /// <summary>Messages of what <paramref name="open"/> throws name files, whose names may have any characters.</summary>
    private static T Printable<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (UserErrorException e) when (PrintableText.Of(e.Message) is var text && text != e.Message)
        {
            throw new UserErrorException(text, e);
        }
    }

    private static MemoryImageDataset OpenFiles(RunSpecification specification, string? directory)
    {
        var (files, beside) = DatasetFinder.Find(specification, directory);
        try
        {
            return ImageFileLoader.Load(files, beside, specification);
        }
        catch (UnauthorizedAccessException e)
        {
            throw DatasetFinder.Unreadable(directory!, e);
        }
    }
}
