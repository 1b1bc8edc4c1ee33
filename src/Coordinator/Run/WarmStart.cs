using System.Globalization;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Run;

/// <summary>θ that a new run begins from, as <c>--from</c> names it.</summary>
/// <param name="Theta">Its values, as version 0 of the new run.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="TrainedBy">Specification of the run that trained it; null if unknown.</param>
public sealed record WarmStart(ThetaSnapshot Theta, ThetaOrigin Origin, RunSpecification? TrainedBy)
{
    private const string ThetaFileName = "theta.safetensors";

    /// <summary>
    /// Reads θ from a file, or from a run folder: there the version with the lowest loss on outer-train tasks, or the newest if none was
    /// evaluated. The run of the folder may be going on.
    /// </summary>
    /// <param name="path">The θ file or run folder, or the name of a θ that ships with the program: theta:NAME.</param>
    /// <param name="specification">The new run.</param>
    /// <exception cref="UserErrorException">There is no θ, it is damaged, or it is of another optimizer than the run's.</exception>
    public static WarmStart Load(string path, RunSpecification specification)
    {
        try
        {
            return Directory.Exists(path) ? OfFolder(path, specification) : OfFile(path, path, specification);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--from '{path}' cannot be read: {e.Message.TrimEnd('.')}. Give a run folder or a θ file.", e);
        }
    }

    /// <summary>What <c>--from</c> names in any folder: a full path, or the name of a θ that ships with the program.</summary>
    public static string PlaceOf(string from) => ThetaCatalog.IsNamed(from) ? from : Path.GetFullPath(from);

    private static WarmStart OfFolder(string path, RunSpecification specification)
    {
        string database = Path.Combine(path, RunDatabase.FileName), file = Path.Combine(path, ThetaFileName);
        if (File.Exists(database)) return OfRun(path, database, specification);
        return File.Exists(file)
            ? OfFile(path, file, specification)
            : throw new UserErrorException(
                $"--from '{path}' holds no θ: there is neither '{RunDatabase.FileName}' nor '{ThetaFileName}' in it. Give a run folder or "
                    + "a θ file.");
    }

    private static WarmStart OfFile(string path, string file, RunSpecification specification)
    {
        ThetaFileContent content;
        RunSpecification? trainedBy;
        try
        {
            content = ThetaFile.Read(file);
            trainedBy = ThetaCard.ReadSpecification(file);
        }
        catch (UserErrorException e)
        {
            throw new UserErrorException($"--from {e.Message}", e);
        }

        return Of(path, content, trainedBy, specification);
    }

    private static WarmStart OfRun(string path, string database, RunSpecification specification)
    {
        var reader = new RunReader(path);
        if (reader.Format() is var format && format != RunSchema.Version) throw RunSchema.OtherFormat(database, format);
        long best = reader.Evaluations().Where(e => e is { Split: ClassSplit.OuterTrain, ThetaVersion: not null, IsAverage: false })
            .MinBy(e => e.MeanLoss)?.ThetaVersion ?? reader.NewestVersion();
        var theta = reader.Theta(best) ?? throw new UserErrorException($"--from '{path}' holds a run that has no θ yet. Give another.");
        var trainedBy = SpecificationJson.Deserialize(reader.Value(RunContext.SpecificationKey)!);
        return Of(path, ThetaFileContent.Of(theta, trainedBy, reader.Value(RunContext.RunIdKey)!), trainedBy, specification);
    }

    private static WarmStart Of(string path, ThetaFileContent content, RunSpecification? trainedBy, RunSpecification specification)
    {
        var (found, wanted) = (OptimizerFamilies.Of(content.Optimizer), OptimizerFamilies.Of(specification.Optimizer));
        if (found.Kind != wanted.Kind || content.Theta.Length != wanted.Theta.Length)
        {
            throw new UserErrorException(string.Create(
                CultureInfo.InvariantCulture,
                $"--from '{path}' holds θ of '{found.Name}' ({content.Theta.Length:N0} parameters); the run's optimizer is "
                    + $"'{wanted.Name}' ({wanted.Theta.Length:N0})."));
        }

        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(PlaceOf(path)));
        var origin = new ThetaOrigin(
            name, Convert.ToHexStringLower(content.Theta.Checksum()), content.Theta.Version, content.RunId, trainedBy?.Name ?? "");
        return new WarmStart(content.Theta with { Version = 0 }, origin, trainedBy);
    }
}
