using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Run;

/// <summary>Which run this is. Immutable.</summary>
internal sealed record RunContext(string RunId, RunSpecification Specification, string SpecificationJson, string SpecificationHash)
{
    public const string RunIdKey = "run_id";
    public const string SpecificationKey = "specification";
    public const string EngineVersionKey = "engine_version";
    public const string FingerprintKey = "dataset_fingerprint";
    public const string LayoutKey = "layout_fingerprint";
    public const string SecondsKey = "seconds";

    /// <summary>Opens the run of a folder, or begins one there with version 0 of θ.</summary>
    /// <exception cref="UserErrorException">No specification for a new run; another specification or engine than the run's.</exception>
    public static RunContext Open(CoordinatorOptions options)
    {
        using var database = RunDatabase.Open(options.RunDirectory);
        var reader = new RunReader(options.RunDirectory);
        string? json = reader.Value(SpecificationKey);
        return json is null ? Begin(database, options) : Resume(reader, json, options);
    }

    private static RunContext Begin(RunDatabase database, CoordinatorOptions options)
    {
        var specification = options.Specification
            ?? throw new UserErrorException($"'{options.RunDirectory}' holds no run yet. Choose one to begin with --preset.");
        var theta = new ThetaSnapshot(0, OptimizerFactory.InitialTheta(specification));
        var run = Of(Guid.NewGuid().ToString("N")[..12], specification);
        using var writer = new RunWriter(database);
        writer.Begin();
        writer.SetValue(RunIdKey, run.RunId);
        writer.SetValue(SpecificationKey, run.SpecificationJson);
        writer.SetValue(EngineVersionKey, EngineVersion.Current);
        writer.SetOuterState(OuterState.Start(theta, OuterOptimizers.Of(specification)));
        writer.Commit();
        return run;
    }

    private static RunContext Resume(RunReader reader, string json, CoordinatorOptions options)
    {
        string engine = reader.Value(EngineVersionKey) ?? "?";
        if (engine != EngineVersion.Current)
            throw new UserErrorException(
                $"The run in '{options.RunDirectory}' was begun by engine version '{engine}', this is '{EngineVersion.Current}'. Continue "
                    + $"with that release, or start a new run.");
        var run = Of(reader.Value(RunIdKey)!, Shared.Specification.SpecificationJson.Deserialize(json));
        if (options.Specification is { } given && SpecificationDiff.Between(run.Specification, given) is { Length: > 0 } differences)
        {
            throw new UserErrorException(
                $"The run in '{options.RunDirectory}' has another specification: "
                    + $"{string.Join("; ", differences.Select(d => $"{d.Key.Name} is {d.First} there, {d.Second} was asked for"))}. "
                + "Resume it without --preset and --set, or start a new run.");
        }

        return run;
    }

    private static RunContext Of(string runId, RunSpecification specification) => new(
        runId,
        specification,
        Shared.Specification.SpecificationJson.Serialize(specification),
        Shared.Specification.SpecificationJson.Hash(specification));
}
