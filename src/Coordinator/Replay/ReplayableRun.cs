using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Store.Ledger;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Replay;

/// <summary>A run as its folder has it, to compute its θ or its samples again; the run may be going on.</summary>
/// <remarks>What is committed after <see cref="Open"/> is not seen.</remarks>
public sealed class ReplayableRun : IDisposable
{
    private readonly string _directory;
    private readonly RunReader _reader;
    private readonly LedgerReader _ledger;
    private readonly GradientLedgerReader? _gradients;
    private readonly ReplayStart? _start;

    private ReplayableRun(string directory, RunReader reader, string runId, RunSpecification specification)
    {
        (_directory, _reader, RunId, Specification) = (directory, reader, runId, specification);
        Plans = OuterPlans.Of(specification, reader.Prolongations());
        OuterUpdates = reader.NewestVersion();
        _ledger = new LedgerReader(directory);
        _gradients = GradientLedgerReader.Find(directory, runId);
        _start = _ledger.Start();
    }

    public string RunId { get; }

    public RunSpecification Specification { get; }

    /// <summary>Outer-updates that the run has done.</summary>
    public long OuterUpdates { get; }

    /// <summary>Version of θ that a replay begins from: 0, unless the run was pruned.</summary>
    public long FirstVersion => _start?.Version ?? 0;

    /// <summary>Plans of the run.</summary>
    public OuterPlans Plans { get; }

    /// <summary>Digest of the images that the run's workers had; null: no worker has said it.</summary>
    public string? DatasetFingerprint => _reader.Value(RunContext.FingerprintKey);

    /// <summary>Engine version that the run was computed by; another may compute other bits.</summary>
    public string RunEngine => _reader.Value(RunContext.EngineVersionKey) ?? "?";

    /// <exception cref="UserErrorException">There is no run in the folder, or not one with samples, or one of another format.</exception>
    public static ReplayableRun Open(string runDirectory)
    {
        string database = RunDatabase.Existing(runDirectory);
        var reader = new RunReader(runDirectory);
        if (reader.Format() is var format && format != RunSchema.Version) throw RunSchema.OtherFormat(database, format);
        if (reader.Value(RunContext.SpecificationKey) is not { } json || reader.Value(RunContext.RunIdKey) is not { } runId)
            throw new UserErrorException($"The run in '{runDirectory}' has not begun.");
        var specification = SpecificationJson.Deserialize(json);
        if (specification.Mode == RunMode.Search)
        {
            throw new UserErrorException(
                $"The run in '{runDirectory}' is a random search: it has no samples, every θ is a draw from its seed.");
        }

        if (specification.Mode == RunMode.Comparison)
        {
            throw new UserErrorException(
                $"The run in '{runDirectory}' compares a θ with baselines: it has no samples. 'lopt report {runDirectory}' writes its "
                    + "report.");
        }

        return new ReplayableRun(runDirectory, reader, runId, specification);
    }

    /// <summary>Computes θ after θ from the samples of the run, without workers.</summary>
    /// <exception cref="UserErrorException">Something that the replay needs is no longer in the run's files.</exception>
    public IEnumerable<ReplayedUpdate> Replay(ReplayOptions options, CancellationToken cancellation)
    {
        if (_start is { Optimizer: null }) throw Unreplayable();
        var state = Begin(options.Specification);
        var figures = _reader.History(0).ToDictionary(h => h.OuterUpdate, h => h.Figures);
        using var recomputer = new SampleRecomputer(_reader, _ledger, options.CreateSlot, options.Slots);
        var samples = new ReplayedSamples(_gradients, recomputer, options);
        var step = OuterUpdateOptions.From(options.Specification, OptimizerFamilies.Of(Specification.Optimizer).Theta, Plans) with
        {
            // The share is a matter of the samples that were to come, and they are known.
            RpShare = null,
        };
        foreach (var batch in _ledger.Batches(state.Theta.Version, OuterUpdates))
        {
            cancellation.ThrowIfCancellationRequested();
            if (batch.OuterUpdate != state.Theta.Version + 1) throw Gap(state.Theta.Version + 1);
            var (merged, recomputed, difference) = samples.Of(batch, cancellation);
            // The run judged the age at arrival; where that rule is asked for otherwise, it is judged at the merge.
            IReadOnlyList<GradientSample> counting = HasRunStaleness(options.Specification)
                ? merged
                : [.. merged.Where(s => step.Staleness.Counts(state.Theta.Version - s.ThetaVersion))];
            var (next, made) = Step(state, counting, step);
            State = state = next;
            yield return new ReplayedUpdate(
                state.Theta, _reader.Theta(state.Theta.Version), made, figures.GetValueOrDefault(state.Theta.Version), counting.Count,
                recomputed, difference);
        }

        if (state.Theta.Version != OuterUpdates) throw Gap(state.Theta.Version + 1);
    }

    /// <summary>θ that the replay began from.</summary>
    public ThetaSnapshot FirstTheta => _reader.Theta(FirstVersion)
        ?? throw new UserErrorException($"Version {FirstVersion} of θ, which a replay begins from, is not in the run's file.");

    /// <summary>
    /// After a replay to the end: whether the state of its outer-optimizer has the bits of the run's, which the next update starts from;
    /// null: the run has gone on meanwhile.
    /// </summary>
    public bool? HasSameOptimizer
    {
        get
        {
            if (State is not { } final || _reader.Run(Specification.BatchSamples) is not { } stored) return null;
            if (stored.State.Theta.Version != final.Theta.Version) return null;
            return stored.State.Optimizer.Step == final.Optimizer.Step
                && stored.State.Optimizer.Vectors.Zip(final.Optimizer.Vectors).All(v => SameBits(v.First, v.Second))
                && (stored.State.Average is null || SameBits(stored.State.Average.Sum, final.Average?.Sum ?? []));
        }
    }

    /// <summary>State after the newest update of the last replay; null before.</summary>
    internal OuterState? State { get; private set; }

    /// <summary>Computes one sample again from the start of its problem, and compares it with the run's.</summary>
    /// <exception cref="UserErrorException">The run has no such sample, or what it started from was pruned.</exception>
    public CheckedSample Check(SampleIdentity identity, ReplayOptions options, CancellationToken cancellation)
    {
        var recorded = _ledger.Find(identity) ?? throw NoSample(identity);
        using var recomputer = new SampleRecomputer(_reader, _ledger, options.CreateSlot, 1);
        var stored = recorded.Sample;
        if (recorded.MergedUpdate is { } update && _gradients?.Page(update) is { Count: > 0 } page)
            stored = ReplayedSamples.Fill(stored, page);
        var computed = recomputer.Measure([recorded.Sample], cancellation)[0];
        return new CheckedSample(stored, computed, SampleComparison.Difference(stored, computed), recorded.Counted, recorded.MergedUpdate)
        {
            Worker = recorded.Worker,
            Received = recorded.Received,
            Place = recorded.Place,
        };
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _gradients?.Dispose();
    }

    private OuterState Begin(RunSpecification asked)
    {
        var begun = OuterState.Start(FirstTheta, OuterOptimizers.Of(asked));
        return _start is { Optimizer: { } optimizer } start && asked.OuterOptimizer == Specification.OuterOptimizer
            ? begun with { Optimizer = optimizer, Average = start.Average }
            : begun;
    }

    /// <summary>An update that staleness leaves no samples moves nothing.</summary>
    private static (OuterState State, UpdateFigures Figures) Step(
        OuterState state, IReadOnlyList<GradientSample> samples, OuterUpdateOptions options)
    {
        if (samples.Count > 0)
        {
            var update = OuterUpdater.Step(state, samples, options);
            return (update.State, update.Figures);
        }

        long version = state.Theta.Version + 1;
        return (state with { Theta = state.Theta with { Version = version } }, UpdateFigures.None(version));
    }

    private bool HasRunStaleness(RunSpecification asked) =>
        (asked.Staleness, asked.StalenessLimitUpdates) == (Specification.Staleness, Specification.StalenessLimitUpdates);

    private static bool SameBits(double[] a, double[] b) => a.Length == b.Length && a.Zip(b).All(
        pair => BitConverter.DoubleToInt64Bits(pair.First) == BitConverter.DoubleToInt64Bits(pair.Second));

    private UserErrorException Gap(long update) => new(
        $"The samples of outer-update {update} are not in '{Path.Combine(_directory, RunDatabase.FileName)}': the run cannot be replayed "
            + "past it.");

    private UserErrorException Unreplayable() => new(
        $"The run in '{_directory}' was pruned up to outer-update {FirstVersion} without what a replay from there needs ('lopt prune "
            + "--give-up-replay'). It cannot be replayed.");

    private UserErrorException NoSample(SampleIdentity identity)
    {
        int truncations = _ledger.TruncationsOf(identity.ProblemId);
        string has = truncations > 0 ? $"of problem {identity.ProblemId} it has truncations 0 to {truncations - 1}"
            : $"it has none of problem {identity.ProblemId}";
        string pruned = _start is null ? "" : $" Samples merged up to outer-update {FirstVersion} were pruned.";
        return new UserErrorException(
            $"The run in '{_directory}' has no sample {identity.ProblemId}/{identity.Truncation}: {has}.{pruned}");
    }
}
