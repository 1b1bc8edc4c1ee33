using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>An evaluation that is due and has no result yet.</summary>
internal sealed class EvaluationJob(long id, ClassSplit split, ThetaSnapshot? theta, bool isAverage)
{
    public long Id { get; } = id;

    public ClassSplit Split { get; } = split;

    /// <summary>Null: the tuned-Adam baseline.</summary>
    public ThetaSnapshot? Theta { get; } = theta;

    /// <summary>Whether <see cref="Theta"/> is the average of θ at its version.</summary>
    public bool IsAverage { get; } = isAverage;

    /// <summary>The worker that computes it; null: it waits for one.</summary>
    public string? Worker { get; set; }
}
