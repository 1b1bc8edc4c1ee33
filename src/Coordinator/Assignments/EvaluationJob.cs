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
    public string? Worker { get; private set; }

    /// <summary>Workers whose results were refused: another one computes it.</summary>
    private HashSet<string> Refused { get; } = [];

    public bool MayGoTo(string workerId) => !Refused.Contains(workerId);

    public void AssignTo(string workerId) => Worker = workerId;

    /// <summary>It waits for a worker again.</summary>
    public void Release() => Worker = null;

    /// <summary>Its worker's result was refused: it waits for another worker.</summary>
    public void Refuse()
    {
        if (Worker is { } worker) Refused.Add(worker);
        Release();
    }
}
