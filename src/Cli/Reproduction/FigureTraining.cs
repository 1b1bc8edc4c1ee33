using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction;

/// <summary>A finished run of a <see cref="FigureStudy"/>.</summary>
/// <param name="Case">Name of its case.</param>
/// <param name="Specification">The whole specification.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="IsKept">Whether it was trained before.</param>
internal sealed record FigureTraining(string Case, RunSpecification Specification, RunFolder Folder, bool IsKept)
{
    private RecordedCourse? _course;

    public long Seed => Specification.Seed;

    public RecordedCourse Course => _course ??= RecordedCourse.Read(Folder.Path);

    /// <summary>The best θ: that of the lowest mean loss on outer-train tasks.</summary>
    public ThetaFileContent Theta => ThetaFile.Read(Folder.Theta);

    /// <summary>Lowest mean loss on outer-train tasks, by which the paper chooses among seeds (§4.3).</summary>
    public double OuterTrainLoss => Curve(ClassSplit.OuterTrain).Min(point => point.Loss);

    /// <summary>Held-out loss of the version that has the lowest mean loss on outer-train tasks.</summary>
    public double HeldOutLoss
    {
        get
        {
            long best = Curve(ClassSplit.OuterTrain).MinBy(point => point.Loss).OuterUpdate;
            return Curve(ClassSplit.OuterTest).Single(point => point.OuterUpdate == best).Loss;
        }
    }

    /// <summary>Mean loss of tuned Adam on the fixed tasks of a split.</summary>
    public double AdamLoss(ClassSplit split) => Course.Evaluations.First(e => e.OuterUpdate is null && e.Split == split).MeanLoss;

    /// <summary>Mean loss on the fixed tasks of a split along outer-training.</summary>
    public IReadOnlyList<(long OuterUpdate, double Loss)> Curve(ClassSplit split) =>
    [
        .. from e in Course.Evaluations
           where e.OuterUpdate is not null && e.Split == split
           orderby e.OuterUpdate
           select (e.OuterUpdate!.Value, e.MeanLoss),
    ];
}
