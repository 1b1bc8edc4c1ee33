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

/// <summary>A run, and its file: open, examined, and locked for this process.</summary>
internal sealed record OpenedRun(RunContext Context, RunDatabase File) : IDisposable
{
    /// <summary>Opens the run of a folder, or begins one there with version 0 of θ.</summary>
    /// <exception cref="UserErrorException">
    /// No specification for a new run; another specification, origin or engine than the run's; a θ to begin from that cannot be used; a
    /// truncation that the memory of a slot does not hold; fewer outer-updates than were done.
    /// </exception>
    public static OpenedRun Open(CoordinatorOptions options)
    {
        // What a new run cannot begin from is refused before its folder is made.
        (RunSpecification Specification, WarmStart? From)? start = null;
        if (!System.IO.File.Exists(Path.Combine(options.RunDirectory, RunDatabase.FileName))) start = Start(options);
        var file = RunDatabase.Open(options.RunDirectory);
        try
        {
            return new OpenedRun(ContextOf(file, options, start), file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => File.Dispose();

    private static RunContext ContextOf(
        RunDatabase file, CoordinatorOptions options, (RunSpecification Specification, WarmStart? From)? start)
    {
        var reader = new RunReader(options.RunDirectory);
        string? json = reader.Value(RunContext.SpecificationKey);
        var run = json is null
            ? Begin(file, options, start ?? Start(options))
            : Prolonged(file, reader, Resume(reader, json, options), options);
        if (reader.Value(RunContext.AuditKeyKey) is null) DrawAuditKey(file);
        return run;
    }

    private static void DrawAuditKey(RunDatabase database)
    {
        var writer = new RunWriter(database);
        long key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        writer.SetValue(RunContext.AuditKeyKey, key.ToString(CultureInfo.InvariantCulture));
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
        var run = RunContext.Of(
            Guid.NewGuid().ToString("N")[..12], specification, new RunLineage(from?.Origin, OuterPlans.Of(specification)), baselines);
        var writer = new RunWriter(database);
        writer.SetValue(RunContext.RunIdKey, run.RunId);
        writer.SetValue(RunContext.SpecificationKey, run.SpecificationJson);
        writer.SetValue(RunContext.EngineVersionKey, EngineVersion.Current);
        if (from is not null)
        {
            if (options.From is { } place) writer.SetValue(RunContext.FromKey, WarmStart.PlaceOf(place));
            writer.SetValue(RunContext.OriginKey, JsonSerializer.Serialize(from.Origin));
        }

        if (options.Comparison is not null) writer.SetValue(RunContext.BaselinesKey, BaselineJson.Serialize(baselines));
        writer.SetOuterState(OuterState.Start(theta, OuterOptimizers.Of(specification)));
        writer.Commit();
        return run;
    }

    private static RunContext Resume(RunReader reader, string json, CoordinatorOptions options)
    {
        string engine = reader.Value(RunContext.EngineVersionKey) ?? "?";
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

        string? begunFrom = reader.Value(RunContext.FromKey);
        if (options.From is { } from && WarmStart.PlaceOf(from) != begunFrom)
        {
            throw new UserErrorException(
                $"The run in '{options.RunDirectory}' began from {(begunFrom is null ? "an initial θ" : $"'{begunFrom}'")}, not from "
                    + $"'{from}'. Resume it without --from, or start a new run.");
        }

        var origin = reader.Value(RunContext.OriginKey) is { } text ? JsonSerializer.Deserialize<ThetaOrigin>(text) : null;
        string baselines = reader.Value(RunContext.BaselinesKey) ?? "[]";
        options.Comparison?.CheckSame(options.RunDirectory, specification, origin, baselines);
        return RunContext.Of(
            reader.Value(RunContext.RunIdKey)!, specification,
            new RunLineage(origin, OuterPlans.Of(specification, reader.Prolongations())),
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
        if (reader.Value(RunContext.PausedKey) == "1") writer.SetValue(RunContext.PausedKey, "0");
        writer.Commit();
        return run with { Lineage = run.Lineage with { Plans = plans } };
    }
}
