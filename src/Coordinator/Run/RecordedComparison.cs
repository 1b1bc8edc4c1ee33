using System.Collections.Immutable;
using System.Globalization;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Run;

/// <summary>The comparison that the file of a run holds, for programs that do not open the run; it may be going on.</summary>
public sealed class RecordedComparison
{
    private readonly IReadOnlyDictionary<(int Task, int Optimizer), PartResult> _results;

    private RecordedComparison(RecordedThetas run, RunReader reader)
    {
        Specification = run.Specification;
        Origin = run.Lineage.Origin
            ?? throw new UserErrorException($"The comparison in '{run.Directory}' does not say which θ it compares. Begin it anew.");
        Theta = run.Of(0) with { Version = Origin.Version };
        Baselines = BaselineJson.Deserialize(reader.Value(RunContext.BaselinesKey) ?? "[]");
        Seconds = double.Parse(reader.Value(RunContext.SecondsKey) ?? "0", CultureInfo.InvariantCulture);
        EngineVersion = run.EngineVersion;
        _results = new ComparisonReader(reader).Results();
        TasksDone = Enumerable.Range(0, Tasks).Count(task => Optimizers.All(optimizer => _results.ContainsKey((task, optimizer))));
    }

    public RunSpecification Specification { get; }

    /// <summary>The θ that is compared, with the version that it has in the run that trained it.</summary>
    public ThetaSnapshot Theta { get; }

    /// <summary>Where it came from.</summary>
    public ThetaOrigin Origin { get; }

    public ImmutableArray<Baseline> Baselines { get; }

    /// <summary>Engine that the comparison is computed by.</summary>
    public string EngineVersion { get; }

    /// <summary>Time that it took so far, with at least one worker, all starts of the coordinator together.</summary>
    public double Seconds { get; }

    public int Tasks => Specification.ComparisonTasks;

    /// <summary>Tasks on which θ and all baselines have been trained.</summary>
    public int TasksDone { get; }

    private IEnumerable<int> Optimizers => Enumerable.Range(0, Baselines.Length + 1);

    /// <summary>The comparison of a run folder; null: its run makes none.</summary>
    /// <exception cref="UserErrorException">There is no run in the folder, or it cannot be read.</exception>
    public static RecordedComparison? Find(string runDirectory)
    {
        var run = RecordedThetas.Open(runDirectory);
        return run.Specification.Mode == RunMode.Comparison ? new RecordedComparison(run, new RunReader(runDirectory)) : null;
    }

    /// <summary>The comparison, complete: bit for bit the one that <see cref="ComparisonRunner"/> makes.</summary>
    public Comparison Compose() => ComparisonComposer.Compose(
        Specification,
        Baselines,
        [.. Enumerable.Range(0, Tasks).Select(task => Optimizers.Select(optimizer => _results[(task, optimizer)]).ToArray())]);
}
