using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Batching;

/// <summary>Samples on their way to the next outer-update.</summary>
/// <remarks>
/// Asynchronous mode: any S, in order of arrival. Synchronous mode: one of each lane, merged in lane order, so that the order of arrival does not matter.
/// Owned by the run loop; not thread-safe.
/// </remarks>
internal sealed class SampleBatch(RunMode mode, int size)
{
    private readonly List<QueuedSample> _waiting = [];

    public int Waiting => _waiting.Count;

    public bool IsFull => _waiting.Count >= size;

    public void Add(QueuedSample sample) => _waiting.Add(sample);

    /// <summary>Takes the samples of one update.</summary>
    public IReadOnlyList<QueuedSample> Take()
    {
        var taken = _waiting.Take(size);
        if (mode == RunMode.Synchronous) taken = taken.OrderBy(x => x.Lane);
        QueuedSample[] samples = [.. taken];
        _waiting.RemoveRange(0, samples.Length);
        return samples;
    }
}
