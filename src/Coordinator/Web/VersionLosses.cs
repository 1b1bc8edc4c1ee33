using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;

namespace LoptCluster.Coordinator.Web;

/// <summary>Mean losses of one version of θ on the evaluation tasks; NaN where there is none.</summary>
internal sealed record VersionLosses
{
    public double OuterTrain { get; private init; } = double.NaN;

    public double OuterTest { get; private init; } = double.NaN;

    /// <summary>Of the average of θ.</summary>
    public double AverageOuterTest { get; private init; } = double.NaN;

    /// <summary>On the held-out tasks of each kind of a mixture.</summary>
    public IReadOnlyList<KindLoss> OuterTestByKind { get; private init; } = [];

    public VersionLosses With(StoredEvaluation evaluation) => evaluation switch
    {
        { IsAverage: true, Split: ClassSplit.OuterTest } => this with { AverageOuterTest = evaluation.MeanLoss },
        { IsAverage: true } => this,
        { Split: ClassSplit.OuterTest } => this with { OuterTest = evaluation.MeanLoss, OuterTestByKind = evaluation.ByKind },
        _ => this with { OuterTrain = evaluation.MeanLoss },
    };
}
