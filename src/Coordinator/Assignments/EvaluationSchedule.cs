using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>The evaluations that are due, and their results (Fig. 5: θ and tuned Adam on outer-train and outer-test tasks).</summary>
/// <remarks>
/// Owned by the run loop; not thread-safe. Training never waits for an evaluation. Ids start at <paramref name="firstId"/>, which differs
/// after each restart, so that the result of an earlier job is never taken for that of another.
/// </remarks>
internal class EvaluationSchedule(RunSpecification specification, long outerUpdates, long firstId)
{
    /// <summary>
    /// An evaluation that falls due while this many wait is skipped: there are too few workers for them. Not in a synchronous run, whose
    /// best θ must not depend on the speed of the workers.
    /// </summary>
    private const int MostWaiting = 4;

    protected static readonly ClassSplit[] Splits = [ClassSplit.OuterTrain, ClassSplit.OuterTest];

    private readonly List<EvaluationJob> _jobs = [];
    private readonly HashSet<(long? Version, ClassSplit Split, bool IsAverage)> _scheduled = [];
    private readonly Dictionary<ClassSplit, long> _newestAverage = Splits.ToDictionary(s => s, _ => -1L);
    private readonly DivergenceWatch _divergence = new(specification);
    private long _nextId = firstId;

    /// <summary>Evaluations without a result yet.</summary>
    public IReadOnlyList<EvaluationJob> Jobs => _jobs;

    protected RunSpecification Specification => specification;

    /// <summary>Newest loss of θ by split; NaN while there is none.</summary>
    public Dictionary<ClassSplit, double> Newest { get; } = Splits.ToDictionary(s => s, _ => double.NaN);

    /// <summary>θ version of <see cref="Newest"/>; null while there is none.</summary>
    public Dictionary<ClassSplit, long?> NewestVersion { get; } = Splits.ToDictionary(s => s, _ => (long?)null);

    /// <summary>Newest loss of the average of θ by split; NaN while there is none.</summary>
    /// <remarks>
    /// Reported beside θ, and never the best version: an average is kept at its newest version alone, and watching it must not change which
    /// θ is chosen (§4.3).
    /// </remarks>
    public Dictionary<ClassSplit, double> NewestAverage { get; } = Splits.ToDictionary(s => s, _ => double.NaN);

    /// <summary>Loss of tuned Adam by split; NaN while there is none.</summary>
    public Dictionary<ClassSplit, double> Baseline { get; } = Splits.ToDictionary(s => s, _ => double.NaN);

    /// <summary>Version of θ with the lowest loss on outer-train tasks; null while there is none.</summary>
    public long? BestVersion { get; private set; }

    public double BestLoss { get; private set; } = double.NaN;

    /// <summary>The evaluations say that training is to end early.</summary>
    public bool HaveDiverged => _divergence.HasDiverged;

    /// <summary>Hyper-parameters of the best version, where the updates themselves do not tell them.</summary>
    public virtual IEnumerable<(HyperParameter Parameter, double Value)> BestHyperParameters => [];

    /// <summary>How far the comparison is; null: the run makes none.</summary>
    public virtual ComparisonStanding? Comparison => null;

    private bool MaySkip => specification.Mode != RunMode.Synchronous;

    private bool Enabled => specification.EvaluateEveryUpdates > 0;

    public void Restore(IEnumerable<StoredEvaluation> stored)
    {
        foreach (var e in stored) Note(e);
    }

    /// <summary>
    /// Schedules what a stopped coordinator had not evaluated of earlier versions, where none may be skipped; training does not wait for
    /// it. Averages of θ are not kept.
    /// </summary>
    /// <param name="newest">Newest version of θ.</param>
    /// <param name="theta">θ of a version; null: it is no longer kept.</param>
    public virtual void Resume(long newest, Func<long, ThetaSnapshot?> theta)
    {
        if (MaySkip || !Enabled) return;
        for (long version = 0; version < newest; version += specification.EvaluateEveryUpdates)
        {
            ClassSplit[] missing = [.. Splits.Where(split => !IsScheduled(version, split))];
            if (missing.Length == 0 || theta(version) is not { } due) continue;
            foreach (var split in missing) Schedule(split, due);
        }
    }

    /// <summary>Schedules what falls due with a new θ: the baseline, once, and θ of every n-th version and of the last one.</summary>
    /// <param name="theta">The new θ.</param>
    /// <param name="average">The average of θ up to it, which is evaluated with it; null: the run keeps none.</param>
    public virtual void OnPublished(ThetaSnapshot theta, ThetaSnapshot? average = null)
    {
        if (!Enabled) return;
        foreach (var split in Splits) Schedule(split, null);
        bool last = theta.Version == outerUpdates;
        if (theta.Version % specification.EvaluateEveryUpdates != 0 && !last) return;
        int waiting = _jobs.OfType<LossEvaluation>().Count(j => j is { Theta: not null, IsAverage: false });
        if (!last && MaySkip && waiting >= MostWaiting) return;
        foreach (var split in Splits) Schedule(split, theta);
        // Before the first update the average is θ itself.
        if (average is null || theta.Version == 0) return;
        foreach (var split in Splits) Schedule(split, average, isAverage: true);
    }

    /// <summary>Most jobs that a worker is given at once for each of its slots.</summary>
    /// <param name="slots">Slots of all workers.</param>
    public virtual int MostPerSlot(int slots) => int.MaxValue;

    /// <summary>A worker left: its evaluations wait for another.</summary>
    public void Release(string workerId)
    {
        foreach (var job in _jobs.Where(j => j.Worker == workerId)) job.Release();
    }

    /// <summary>The evaluation with this id that waits for its result; null: there is none.</summary>
    public EvaluationJob? Find(long id) => _jobs.Find(j => j.Id == id);

    /// <summary>Takes the result of an evaluation, which is over.</summary>
    /// <returns>The evaluation to store.</returns>
    public StoredEvaluation Complete(LossEvaluation job, EvaluationReceived result)
    {
        Remove(job);
        var stored = new StoredEvaluation(
            job.Theta?.Version, job.Split, result.MeanLosses.Count, result.MeanLosses.Average(), result.FinalLosses.Average(),
            result.Seconds, job.IsAverage)
        { ByKind = [.. ByKind(result)] };
        Note(stored);
        OnCompleted(job);
        return stored;
    }

    private IEnumerable<KindLoss> ByKind(EvaluationReceived result) =>
        from task in TaskKinds.Of(specification, result.MeanLosses.Count).Index()
        group task.Index by task.Item into kind
        orderby kind.Key
        select new KindLoss(
            kind.Key, kind.Count(), kind.Average(task => result.MeanLosses[task]), kind.Average(task => result.FinalLosses[task]));

    protected bool IsScheduled(long version, ClassSplit split) => _scheduled.Contains((version, split, false));

    /// <summary>A job has its result, which is noted.</summary>
    protected virtual void OnCompleted(LossEvaluation job)
    {
    }

    protected long NextId() => _nextId++;

    protected void Add(EvaluationJob job) => _jobs.Add(job);

    protected void Remove(EvaluationJob job) => _jobs.Remove(job);

    protected void Schedule(ClassSplit split, ThetaSnapshot? theta, bool isAverage = false)
    {
        if (_scheduled.Add((theta?.Version, split, isAverage)))
            Add(new LossEvaluation(NextId(), split, specification.EvaluationTasks, theta, isAverage));
    }

    protected virtual void Note(StoredEvaluation e)
    {
        _scheduled.Add((e.ThetaVersion, e.Split, e.IsAverage));
        if (e.ThetaVersion is not { } version)
        {
            Baseline[e.Split] = e.MeanLoss;
            return;
        }

        if (e.IsAverage)
        {
            if (version >= _newestAverage[e.Split]) (_newestAverage[e.Split], NewestAverage[e.Split]) = (version, e.MeanLoss);
            return;
        }

        // Results may come out of order.
        if (NewestVersion[e.Split] is not { } newest || version >= newest)
        {
            NewestVersion[e.Split] = version;
            Newest[e.Split] = e.MeanLoss;
        }

        if (e.Split != ClassSplit.OuterTrain) return;
        _divergence.Note(e.MeanLoss);
        if (BestVersion is not null && e.MeanLoss >= BestLoss) return;
        BestVersion = version;
        BestLoss = e.MeanLoss;
    }
}
