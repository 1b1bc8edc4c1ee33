using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Run;

/// <summary>Which run this is. Immutable.</summary>
/// <remarks>Workers compare the specification's hash. A prolonged run keeps both: what its plans change travels with θ.</remarks>
internal sealed record RunContext(
    string RunId, RunSpecification Specification, string SpecificationJson, string SpecificationHash, RunLineage Lineage)
{
    public const string RunIdKey = "run_id";
    public const string SpecificationKey = "specification";
    public const string EngineVersionKey = "engine_version";
    public const string FingerprintKey = "dataset_fingerprint";
    public const string LayoutKey = "layout_fingerprint";
    public const string SecondsKey = "seconds";
    public const string PausedKey = "paused";

    /// <summary>Key of the baselines that the run compares θ with, as JSON.</summary>
    public const string BaselinesKey = "baselines";

    /// <summary>Key of the draw of the problems that are audited: known to the run alone.</summary>
    public const string AuditKeyKey = "audit_key";

    /// <summary>Full path or theta:NAME that --from named, and the origin that was found there, as JSON.</summary>
    public const string FromKey = "from", OriginKey = "origin";

    /// <summary>What the run compares θ with, if that is all it does; otherwise none.</summary>
    public ImmutableArray<Baseline> Baselines { get; init; } = [];

    /// <summary>Outer-updates of the whole run, as its newest plan has them.</summary>
    public long OuterUpdates => Lineage.Plans.Newest.OuterUpdates;

    /// <summary>Opens the run of a folder, or begins one there with version 0 of θ.</summary>
    /// <exception cref="UserErrorException">
    /// No specification for a new run; another specification, origin or engine than the run's; a θ to begin from that cannot be used; a
    /// truncation that the memory of a slot does not hold; fewer outer-updates than were done.
    /// </exception>
    public static RunContext Open(CoordinatorOptions options)
    {
        // What a new run cannot begin from is refused before its folder is made.
        (RunSpecification, WarmStart?)? start = null;
        if (!File.Exists(Path.Combine(options.RunDirectory, RunDatabase.FileName))) start = Start(options);
        using var database = RunDatabase.Open(options.RunDirectory);
        var reader = new RunReader(options.RunDirectory);
        string? json = reader.Value(SpecificationKey);
        var run = json is null
            ? Begin(database, options, start ?? Start(options))
            : Prolonged(database, reader, Resume(reader, json, options), options);
        if (reader.Value(AuditKeyKey) is null) DrawAuditKey(database);
        return run;
    }

    private static void DrawAuditKey(RunDatabase database)
    {
        var writer = new RunWriter(database);
        long key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        writer.SetValue(AuditKeyKey, key.ToString(CultureInfo.InvariantCulture));
        writer.Commit();
    }

    /// <summary>What a new run begins from.</summary>
    private static (RunSpecification Specification, WarmStart? From) Start(CoordinatorOptions options)
    {
        if (options.OuterUpdates is not null) throw StoredUpdates.NotBegun(options.RunDirectory);
        var specification = options.Specification
            ?? throw new UserErrorException($"'{options.RunDirectory}' holds no run yet. Choose one to begin with --preset.");
        if (options.Comparison is { } comparison) return (specification, comparison.Theta);
        SlotMemory.Check(specification);
        return (specification, options.From is { } from ? WarmStart.Load(from, specification) : null);
    }

    private static RunContext Begin(
        RunDatabase database, CoordinatorOptions options, (RunSpecification Specification, WarmStart? From) start)
    {
        var (specification, from) = start;
        var theta = from?.Theta ?? new ThetaSnapshot(0, OptimizerFactory.InitialTheta(specification));
        var baselines = options.Comparison?.Baselines ?? [];
        var run = Of(
            Guid.NewGuid().ToString("N")[..12], specification, new RunLineage(from?.Origin, OuterPlans.Of(specification)), baselines);
        var writer = new RunWriter(database);
        writer.SetValue(RunIdKey, run.RunId);
        writer.SetValue(SpecificationKey, run.SpecificationJson);
        writer.SetValue(EngineVersionKey, EngineVersion.Current);
        if (from is not null)
        {
            if (options.From is { } place) writer.SetValue(FromKey, WarmStart.PlaceOf(place));
            writer.SetValue(OriginKey, JsonSerializer.Serialize(from.Origin));
        }

        if (options.Comparison is not null) writer.SetValue(BaselinesKey, BaselineJson.Serialize(baselines));
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
        var specification = Shared.Specification.SpecificationJson.Deserialize(json);
        if (options.Specification is { } given && SpecificationDiff.Between(specification, given) is { Length: > 0 } differences)
        {
            throw new UserErrorException(
                $"The run in '{options.RunDirectory}' has another specification: "
                    + $"{string.Join("; ", differences.Select(d => $"{d.Key.Name} is {d.First} there, {d.Second} was asked for"))}. "
                + "Resume it without --preset and --set, or start a new run.");
        }

        string? begunFrom = reader.Value(FromKey);
        if (options.From is { } from && WarmStart.PlaceOf(from) != begunFrom)
        {
            throw new UserErrorException(
                $"The run in '{options.RunDirectory}' began from {(begunFrom is null ? "an initial θ" : $"'{begunFrom}'")}, not from "
                    + $"'{from}'. Resume it without --from, or start a new run.");
        }

        var origin = reader.Value(OriginKey) is { } text ? JsonSerializer.Deserialize<ThetaOrigin>(text) : null;
        string baselines = reader.Value(BaselinesKey) ?? "[]";
        options.Comparison?.CheckSame(options.RunDirectory, specification, origin, baselines);
        return Of(
            reader.Value(RunIdKey)!, specification, new RunLineage(origin, OuterPlans.Of(specification, reader.Prolongations())),
            BaselineJson.Deserialize(baselines));
    }

    /// <summary>
    /// The run with as many outer-updates as were asked for, and no longer paused: who prolongs it wants it to go on. One that has this
    /// plan already is as it was.
    /// </summary>
    private static RunContext Prolonged(RunDatabase database, RunReader reader, RunContext run, CoordinatorOptions options)
    {
        if (options.OuterUpdates is not { } outerUpdates || outerUpdates == run.OuterUpdates) return run;
        if (run.Specification.Mode == RunMode.Comparison)
        {
            throw new UserErrorException(
                $"--updates prolongs a training, and the run in '{options.RunDirectory}' compares a θ with baselines. Omit it.");
        }

        long done = reader.NewestVersion();
        if (outerUpdates <= done) throw StoredUpdates.TooFew(outerUpdates, options.RunDirectory, done);
        var plans = run.Lineage.Plans.Prolong(done, outerUpdates);
        var writer = new RunWriter(database);
        writer.SetProlongation(plans.Newest);
        if (reader.Value(PausedKey) == "1") writer.SetValue(PausedKey, "0");
        writer.Commit();
        return run with { Lineage = run.Lineage with { Plans = plans } };
    }

    private static RunContext Of(string runId, RunSpecification specification, RunLineage lineage, ImmutableArray<Baseline> baselines)
    {
        string json = Shared.Specification.SpecificationJson.Serialize(specification);
        return new RunContext(runId, specification, json, Shared.Specification.SpecificationJson.Hash(specification), lineage)
        {
            Baselines = baselines,
        };
    }
}
