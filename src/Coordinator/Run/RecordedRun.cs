using System.Collections.Immutable;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Run;

/// <summary>What the file of a run says of its training, for programs that do not open the run; it may be going on.</summary>
/// <param name="OuterUpdate">Outer-updates done.</param>
/// <param name="OuterUpdates">Outer-updates of the whole run.</param>
/// <param name="Seconds">Training time.</param>
/// <param name="HeldOutLoss">
/// Mean loss of the best version (lowest loss on outer-train tasks) on the fixed held-out tasks, nats; NaN before its evaluation.
/// </param>
/// <param name="AdamLoss">That of tuned Adam on the same tasks; NaN before its evaluation.</param>
/// <param name="Evaluations">Held-out loss along outer-training.</param>
public sealed record RecordedRun(
    long OuterUpdate, long OuterUpdates, double Seconds, double HeldOutLoss, double AdamLoss,
    ImmutableArray<(double Seconds, long OuterUpdate, double Loss)> Evaluations)
{
    /// <summary>Training has diverged, and ended before its last outer-update.</summary>
    public bool HasDiverged { get; private init; }

    /// <summary>Its last outer-update is applied, or it has diverged.</summary>
    public bool IsTrained => HasDiverged || OuterUpdate >= OuterUpdates;

    /// <summary>The run of a folder; null if none has begun there, or one of another release.</summary>
    public static RecordedRun? Find(string runDirectory)
    {
        if (!File.Exists(Path.Combine(runDirectory, RunDatabase.FileName))) return null;
        var reader = new RunReader(runDirectory);
        if (reader.Format() != RunSchema.Version || reader.Value(RunContext.SpecificationKey) is not { } json) return null;
        var specification = SpecificationJson.Deserialize(json);
        var plans = OuterPlans.Of(specification, reader.Prolongations());
        var evaluations = reader.Evaluations().Where(e => !e.IsAverage).ToList();
        var heldOut = evaluations.Where(e => e.Split == ClassSplit.OuterTest).ToList();
        long? best = evaluations.Where(e => e is { Split: ClassSplit.OuterTrain, ThetaVersion: not null })
            .MinBy(e => e.MeanLoss)?.ThetaVersion;
        var seconds = reader.TrainingSeconds();
        return new RecordedRun(
            reader.NewestVersion(),
            plans.Newest.OuterUpdates,
            seconds.Values.DefaultIfEmpty(0).Max(),
            best is null ? double.NaN : LossOf(best),
            LossOf(null),
            [.. heldOut.Where(e => e.ThetaVersion is not null).OrderBy(e => e.ThetaVersion)
                .Select(e => (seconds.GetValueOrDefault(e.ThetaVersion!.Value), e.ThetaVersion!.Value, e.MeanLoss))])
        {
            HasDiverged = Diverged(specification, evaluations),
        };

        double LossOf(long? version) => heldOut.Find(e => e.ThetaVersion == version)?.MeanLoss ?? double.NaN;
    }

    private static bool Diverged(RunSpecification specification, IEnumerable<StoredEvaluation> evaluations)
    {
        var watch = new DivergenceWatch(specification);
        foreach (var e in evaluations.Where(e => e is { Split: ClassSplit.OuterTrain, ThetaVersion: not null })) watch.Note(e.MeanLoss);
        return watch.HasDiverged;
    }
}
