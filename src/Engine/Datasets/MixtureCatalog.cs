using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets;

/// <summary>Images of a mixture's tasks: procedural classes of all settings from one store, and each set of files once.</summary>
/// <remarks>
/// Thread-safe. Opens the datasets at the corners of the mixture when it is created, so that missing files are found before the run starts.
/// </remarks>
internal sealed class MixtureCatalog : IRunImages
{
    private readonly string? _directory;
    private readonly ProceduralClasses _procedural = new(ProceduralClasses.DefaultBytes);
    private readonly ConcurrentDictionary<(string Folder, int Size, int Channels), Lazy<IImageDataset>> _files = new();

    /// <exception cref="UserErrorException">The data of a task are missing, damaged or too small.</exception>
    public MixtureCatalog(RunSpecification run, string? directory)
    {
        _directory = directory;
        var datasets = new List<IImageDataset>();
        var mixture = new TaskMixture(run);
        foreach (var (kind, corner) in mixture.Corners())
        {
            if (corner.InnerProblem == InnerProblemKind.Quadratic) continue;
            IImageDataset dataset;
            try
            {
                dataset = Of(corner);
            }
            // Files that all tasks have are not the fault of the one that is looked at first.
            catch (UserErrorException e) when (corner is not { Dataset: DatasetKind.Files, DataFolder.Length: 0 })
            {
                throw OfTask(kind, e);
            }

            try
            {
                _ = new TaskDistribution(dataset, corner);
            }
            catch (UserErrorException e)
            {
                throw OfTask(kind, e);
            }

            datasets.Add(dataset);
        }

        UserErrorException OfTask(string kind, UserErrorException e) => new($"{mixture.Title(kind)} of the mixture: {e.Message}", e);

        string[] fingerprints = [.. datasets.Select(dataset => dataset.Fingerprint).Distinct()];
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', fingerprints))));
        int generated = datasets.OfType<ProceduralDataset>().Select(dataset => dataset.Fingerprint).Distinct().Count();
        string[] files = [.. datasets.Where(dataset => dataset is not ProceduralDataset).Select(dataset => dataset.Description).Distinct()];
        Description = string.Join(
            ", ", generated == 0 ? files : [$"procedural ({ProceduralWorld.Classes:N0} classes, settings by task)", .. files]);
    }

    public string Description { get; }

    public string Fingerprint { get; }

    public IImageDataset Of(RunSpecification problem) => problem.Dataset switch
    {
        // A dataset of its own for each problem: it holds the problem's classes while the store may forget them.
        DatasetKind.Procedural => new ProceduralDataset(problem, _procedural),
        _ => _files.GetOrAdd(
            (problem.DataFolder, problem.ImageSize, problem.ImageChannels),
            _ => new Lazy<IImageDataset>(() => DatasetCatalog.Open(problem, _directory))).Value,
    };
}
