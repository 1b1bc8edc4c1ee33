using System.Globalization;
using System.Text.Json;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Microsoft.Data.Sqlite;

namespace LoptCluster.Coordinator.Run;

/// <summary>The versions of θ that the file of a run holds, for programs that do not open the run; it may be going on.</summary>
public sealed class RecordedThetas
{
    private readonly RunReader _reader;

    private RecordedThetas(string directory, RunReader reader, RunSpecification specification)
    {
        (Directory, _reader, Specification) = (directory, reader, specification);
        RunId = reader.Value(RunContext.RunIdKey)!;
        EngineVersion = reader.Value(RunContext.EngineVersionKey)!;
        var origin = reader.Value(RunContext.OriginKey) is { } text ? JsonSerializer.Deserialize<ThetaOrigin>(text) : null;
        Lineage = new RunLineage(origin, OuterPlans.Of(specification, reader.Prolongations()));
    }

    /// <summary>Folder of the run, as it was named.</summary>
    public string Directory { get; }

    public RunSpecification Specification { get; }

    public string RunId { get; }

    /// <summary>Engine that the run is computed by.</summary>
    public string EngineVersion { get; }

    /// <summary>Origin of θ, and the plans of the run.</summary>
    public RunLineage Lineage { get; }

    /// <exception cref="UserErrorException">There is no run in the folder, one of another format, or an unreadable one.</exception>
    public static RecordedThetas Open(string runDirectory)
    {
        string database = RunDatabase.Existing(runDirectory);
        try
        {
            var reader = new RunReader(runDirectory);
            if (reader.Format() is var format && format != RunSchema.Version) throw RunSchema.OtherFormat(database, format);
            return reader.Value(RunContext.SpecificationKey) is { } json
                ? new RecordedThetas(runDirectory, reader, SpecificationJson.Deserialize(json))
                : throw new UserErrorException($"The run in '{runDirectory}' has not begun.");
        }
        catch (SqliteException e)
        {
            throw new UserErrorException(
                $"'{database}' cannot be read: {e.Message.TrimEnd('.')}. 'lopt check {runDirectory}' says more.", e);
        }
    }

    /// <summary>The newest θ of the run.</summary>
    public ThetaSnapshot Latest() => Of(_reader.NewestVersion());

    /// <summary>θ with the lowest loss on outer-train tasks.</summary>
    /// <exception cref="UserErrorException">None was evaluated.</exception>
    public ThetaSnapshot Best() => OuterTrainLosses() is { Count: > 0 } losses
        ? Of(losses.MinBy(l => l.Loss).Version)
        : throw new UserErrorException($"The run in '{Directory}' has no best θ: none was evaluated. Ask for the latest.");

    /// <summary>The moving average of θ up to the newest.</summary>
    /// <exception cref="UserErrorException">The run keeps none, or has done no outer-update.</exception>
    public ThetaSnapshot Average()
    {
        if (_reader.Run(Specification.BatchSamples)?.State is { Average: { Updates: > 0 } average } outer)
            return average.Snapshot(outer.Theta.Version, Specification.ThetaAverageDecay);
        throw new UserErrorException(
            $"The run in '{Directory}' has no average of θ. Ask for the latest or the best; a run with thetaAverageDecay above 0 keeps "
                + "one from its first outer-update on.");
    }

    /// <summary>θ after a number of outer-updates.</summary>
    /// <exception cref="UserErrorException">The run has no such θ, or no longer.</exception>
    public ThetaSnapshot Of(long version) => _reader.Theta(version)
        ?? throw new UserErrorException(string.Create(
            CultureInfo.InvariantCulture,
            $"The run in '{Directory}' holds no θ version {version}. Its newest is {_reader.NewestVersion()}."));

    /// <summary>Mean loss of every evaluated version on the outer-train tasks, nats; averages of θ are not among them.</summary>
    public IReadOnlyList<(long Version, double Loss)> OuterTrainLosses() =>
    [
        .. _reader.Evaluations().Where(e => e is { Split: ClassSplit.OuterTrain, ThetaVersion: not null, IsAverage: false })
            .Select(e => (e.ThetaVersion!.Value, e.MeanLoss)),
    ];

    /// <summary>Training time so far.</summary>
    public double Seconds() => _reader.TrainingSeconds().Values.DefaultIfEmpty(0).Max();
}
