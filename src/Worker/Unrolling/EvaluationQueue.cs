using LoptCluster.Worker.Assignments;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Evaluations that wait for a slot. They come before problems and also run while the run is paused.</summary>
/// <remarks>Not thread-safe: part of <see cref="UnrollPoolState"/>.</remarks>
internal sealed class EvaluationQueue
{
    private readonly Queue<EvaluationAssignment> _waiting = [];

    public void Enqueue(EvaluationAssignment evaluation) => _waiting.Enqueue(evaluation);

    public WorkItem.Evaluate? TryDequeue() => _waiting.TryDequeue(out var evaluation) ? new WorkItem.Evaluate(evaluation) : null;

    /// <summary>After a reconnect the coordinator assigns again whatever was not finished.</summary>
    public void Clear() => _waiting.Clear();
}
