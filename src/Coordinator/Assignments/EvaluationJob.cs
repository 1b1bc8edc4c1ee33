using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>An evaluation that is due and has no result yet.</summary>
internal sealed class EvaluationJob(long id, ClassSplit split, ThetaSnapshot? theta)
{
    public long Id { get; } = id;

    public ClassSplit Split { get; } = split;

    /// <summary>Null: the tuned-Adam baseline.</summary>
    public ThetaSnapshot? Theta { get; } = theta;

    /// <summary>The worker that computes it; null: it waits for one.</summary>
    public string? Worker { get; set; }
}
