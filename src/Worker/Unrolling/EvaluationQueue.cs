using LoptCluster.Worker.Assignments;

namespace LoptCluster.Worker.Unrolling;

/// <summary>
/// Evaluations and parts of comparisons that wait for a slot. They come before problems and also run while the run is paused.
/// </summary>
/// <remarks>Not thread-safe: part of <see cref="UnrollPoolState"/>.</remarks>
internal sealed class EvaluationQueue
{
    private readonly Queue<WorkItem> _waiting = [];
    private CancellationTokenSource _connection = new();

    public void Enqueue(EvaluationAssignment evaluation) => _waiting.Enqueue(new WorkItem.Evaluate(evaluation));

    public void Enqueue(ComparisonAssignment part) => _waiting.Enqueue(new WorkItem.Compare(part, _connection.Token));

    public WorkItem? TryDequeue() => _waiting.TryDequeue(out var work) ? work : null;

    /// <summary>
    /// After a reconnect the coordinator assigns again whatever was not finished. The parts of a comparison that are being computed are
    /// given up, each the work of many evaluations: others have them by now, and their results would be refused.
    /// </summary>
    public void Clear()
    {
        _waiting.Clear();
        _connection.Cancel();
        // Not disposed: a slot may still look at its token, and there is nothing in it to release.
        _connection = new CancellationTokenSource();
    }
}
