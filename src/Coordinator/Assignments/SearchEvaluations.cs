using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>
/// Evaluations of a random search: every version from 1 on outer-train tasks, and each that is the best so far on held-out tasks.
/// </summary>
/// <remarks>The newest losses are those of the best version so far.</remarks>
internal sealed class SearchEvaluations(RunSpecification specification, long outerUpdates, long firstId)
    : EvaluationSchedule(specification, outerUpdates, firstId)
{
    private readonly Dictionary<long, double> _heldOut = [];
    private readonly SearchSpace _space = OptimizerFactory.SearchSpace(specification);

    /// <summary>Of the best configuration so far: those that are searched.</summary>
    public override IEnumerable<(HyperParameter Parameter, double Value)> BestHyperParameters => BestVersion is { } best
        ? _space.Family.Theta.HyperParameters.Zip(_space.Family.Theta.Values(_space.Draw(Specification.Seed, best)))
        : [];

    public override void Resume(long newest, Func<long, ThetaSnapshot?> theta)
    {
        for (long version = 1; version <= newest; version++)
        {
            if (!IsScheduled(version, ClassSplit.OuterTrain)) Schedule(ClassSplit.OuterTrain, theta(version));
        }

        if (BestVersion is { } best && !IsScheduled(best, ClassSplit.OuterTest)) Schedule(ClassSplit.OuterTest, theta(best));
    }

    public override void OnPublished(ThetaSnapshot theta, ThetaSnapshot? average = null)
    {
        foreach (var split in Splits) Schedule(split, null);
        if (theta.Version > 0) Schedule(ClassSplit.OuterTrain, theta);
    }

    protected override void OnCompleted(LossEvaluation job)
    {
        if (job.Split == ClassSplit.OuterTrain && job.Theta is { } theta && theta.Version == BestVersion)
            Schedule(ClassSplit.OuterTest, theta);
    }

    protected override void Note(StoredEvaluation e)
    {
        base.Note(e);
        if (e is { Split: ClassSplit.OuterTest, ThetaVersion: { } version }) _heldOut[version] = e.MeanLoss;
        if (BestVersion is not { } best) return;
        (Newest[ClassSplit.OuterTrain], NewestVersion[ClassSplit.OuterTrain]) = (BestLoss, best);
        (Newest[ClassSplit.OuterTest], NewestVersion[ClassSplit.OuterTest]) = (_heldOut.GetValueOrDefault(best, double.NaN), best);
    }
}
