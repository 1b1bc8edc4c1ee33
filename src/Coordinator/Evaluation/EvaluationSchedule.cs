using LoptCluster.Coordinator.RunStore;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Evaluation;

/// <summary>An evaluation that was asked for and has not come back.</summary>
internal sealed class EvaluationJob(long id, EvaluationSplit split, ThetaSnapshot? theta)
{
    public long Id { get; } = id;

    public EvaluationSplit Split { get; } = split;

    /// <summary>Null: the tuned-Adam baseline.</summary>
    public ThetaSnapshot? Theta { get; } = theta;

    /// <summary>Worker that has it; null: it waits for one.</summary>
    public string? Worker { get; set; }
}

/// <summary>Which evaluations are due, and what came of them (Fig. 5: θ and tuned Adam on outer-train and outer-test tasks).</summary>
/// <remarks>
/// Owned by the run loop; not thread-safe. Training never waits for one. Ids start at <paramref name="firstId"/>, different after each restart, so that an
/// answer to a question of before is not taken for another's.
/// </remarks>
internal sealed class EvaluationSchedule(RunSpecification specification, long firstId)
{
    /// <summary>An evaluation that falls due while this many wait is left out: workers are too few for them.</summary>
    private const int MostWaiting = 4;

    private static readonly EvaluationSplit[] Splits = [EvaluationSplit.OuterTrain, EvaluationSplit.OuterTest];

    private readonly List<EvaluationJob> _jobs = [];
    private readonly HashSet<(long Version, EvaluationSplit Split)> _asked = [];
    private readonly Dictionary<EvaluationSplit, long> _newestVersion = [];
    private long _nextId = firstId;

    public IReadOnlyList<EvaluationJob> Jobs => _jobs;

    /// <summary>Newest loss of θ, and tuned Adam's, by split; NaN while there is none.</summary>
    public Dictionary<EvaluationSplit, double> Newest { get; } = new() { [Splits[0]] = double.NaN, [Splits[1]] = double.NaN };

    public Dictionary<EvaluationSplit, double> Baseline { get; } = new() { [Splits[0]] = double.NaN, [Splits[1]] = double.NaN };

    public long BestVersion { get; private set; } = -1;

    public double BestLoss { get; private set; } = double.NaN;

    private bool Enabled => specification.EvaluateEveryUpdates > 0;

    public void Restore(IEnumerable<StoredEvaluation> stored)
    {
        foreach (var e in stored) Note(e);
    }

    /// <summary>The baseline, once, and θ of every n-th version and of the last one.</summary>
    public void Due(ThetaSnapshot theta)
    {
        if (!Enabled) return;
        foreach (var split in Splits) Ask(split, -1, null);
        bool last = theta.Version == specification.OuterUpdates;
        if (theta.Version % specification.EvaluateEveryUpdates != 0 && !last) return;
        if (!last && _jobs.Count(j => j.Theta is not null) >= MostWaiting) return;
        foreach (var split in Splits) Ask(split, theta.Version, theta);
    }

    /// <summary>A worker left: its evaluations wait for another.</summary>
    public void Release(string workerId)
    {
        foreach (var job in _jobs.Where(j => j.Worker == workerId)) job.Worker = null;
    }

    /// <summary>What is wrong with a result, or null. A job whose result is refused is over: the same θ and tasks would give the same again.</summary>
    public string? Refuse(EvaluationResult result)
    {
        string? fault = null;
        if (result.MeanLoss.Count == 0 || result.FinalLoss.Count != result.MeanLoss.Count)
            fault = $"an evaluation has {result.MeanLoss.Count} mean losses and {result.FinalLoss.Count} final ones; one of each for a task was expected";
        else if (result.MeanLoss.Concat(result.FinalLoss).Any(l => !double.IsFinite(l)))
            fault = "a loss of an evaluation is not finite";
        if (fault is not null) _jobs.RemoveAll(j => j.Id == result.EvaluationId);
        return fault;
    }

    /// <returns>What to store, or null if nobody asked for it.</returns>
    public StoredEvaluation? Complete(EvaluationResult result)
    {
        var job = _jobs.Find(j => j.Id == result.EvaluationId);
        if (job is null) return null;
        _jobs.Remove(job);
        var stored = new StoredEvaluation(
            job.Theta?.Version ?? -1, (int)job.Split, result.MeanLoss.Count, result.MeanLoss.Average(), result.FinalLoss.Average(), result.Seconds);
        Note(stored);
        return stored;
    }

    public Protocol.V1.Evaluation ToProto(EvaluationJob job) => new()
    {
        EvaluationId = job.Id,
        Split = job.Split,
        Tasks = specification.EvaluationTasks,
        Baseline = job.Theta is null,
        Theta = job.Theta is null ? null : Protocol.Wire.ThetaWire.ToProto(job.Theta),
    };

    private void Ask(EvaluationSplit split, long version, ThetaSnapshot? theta)
    {
        if (_asked.Add((version, split))) _jobs.Add(new EvaluationJob(_nextId++, split, theta));
    }

    private void Note(StoredEvaluation e)
    {
        var split = (EvaluationSplit)e.Split;
        _asked.Add((e.Version, split));
        if (e.Version < 0)
        {
            Baseline[split] = e.MeanLoss;
            return;
        }

        // Answers may come out of order.
        if (e.Version >= _newestVersion.GetValueOrDefault(split, -1))
        {
            _newestVersion[split] = e.Version;
            Newest[split] = e.MeanLoss;
        }

        if (split != EvaluationSplit.OuterTrain || (BestVersion >= 0 && e.MeanLoss >= BestLoss)) return;
        BestVersion = e.Version;
        BestLoss = e.MeanLoss;
    }
}
