using LoptCluster.Coordinator.Sessions;

namespace LoptCluster.Coordinator.Assignments;

/// <summary>Work beside the samples that is due and has no result yet.</summary>
/// <param name="id">Comes back with the result.</param>
internal abstract class EvaluationJob(long id)
{
    /// <summary>Whoever joins under one name after the other is refused once under each: they are not all remembered.</summary>
    private const int MostRefused = 100;

    public long Id { get; } = id;

    /// <summary>The worker that computes it; null: it waits for one.</summary>
    public string? Worker { get; private set; }

    /// <summary>What is computed on what, as a clause for the log.</summary>
    public abstract string Subject { get; }

    /// <summary>The assignment, for any worker.</summary>
    public abstract OutgoingMessage Message { get; }

    /// <summary>Whether it takes about as long as the others of the run.</summary>
    public abstract bool IsLikeOthers { get; }

    /// <summary>Workers whose results were refused: another one computes it.</summary>
    private HashSet<string> Refused { get; } = [];

    public bool MayGoTo(string workerId) => !Refused.Contains(workerId);

    public void AssignTo(string workerId) => Worker = workerId;

    /// <summary>It waits for a worker again.</summary>
    public void Release() => Worker = null;

    /// <summary>Its worker's result was refused: it waits for another worker.</summary>
    public void Refuse()
    {
        if (Refused.Count >= MostRefused) Refused.Clear();
        if (Worker is { } worker) Refused.Add(worker);
        Release();
    }

    /// <summary>It may go to any worker again, also to one whose result was refused.</summary>
    public void Pardon() => Refused.Clear();
}
