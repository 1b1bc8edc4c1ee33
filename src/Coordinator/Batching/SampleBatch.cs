using LoptCluster.Coordinator.Run;

namespace LoptCluster.Coordinator.Batching;

/// <summary>Samples that wait for the next outer-update.</summary>
/// <remarks>
/// Owned by the run loop; not thread-safe.
/// <para>
/// Where only a share of the samples computes g_rp, a batch waits until <see cref="IRunMode.LeastRpSamples"/> of them have it, and samples
/// that arrive in the meantime are merged too. When a batch ends then depends on the draws alone, never on a value, so the estimators stay
/// unbiased. What remains is a bias of time, as with short truncations: a sample without g_rp is done sooner, so those with it were begun
/// at a slightly older θ.
/// </para>
/// </remarks>
/// <param name="samples">S.</param>
/// <param name="mode">Says in which order they are merged.</param>
internal sealed class SampleBatch(int samples, IRunMode mode)
{
    private readonly List<QueuedSample> _waiting = [];
    private int _waitingRp;

    public int Waiting => _waiting.Count;

    public bool IsFull => _waiting.Count >= samples && _waitingRp >= mode.LeastRpSamples;

    public void Add(QueuedSample sample)
    {
        _waiting.Add(sample);
        if (HasRp(sample)) _waitingRp++;
    }

    /// <summary>Samples that wait, in order of arrival.</summary>
    public IEnumerable<QueuedSample> All => _waiting;

    /// <summary>Drops samples, which are not going to be merged.</summary>
    public void Drop(IEnumerable<QueuedSample> samples)
    {
        var dropped = new HashSet<QueuedSample>(samples, ReferenceEqualityComparer.Instance);
        _waiting.RemoveAll(dropped.Contains);
        _waitingRp = _waiting.Count(HasRp);
    }

    /// <summary>Removes the samples of one update, in the order in which they are merged.</summary>
    public IReadOnlyList<QueuedSample> Dequeue()
    {
        int count = 0, rp = 0;
        while (count < _waiting.Count && (count < samples || rp < mode.LeastRpSamples))
        {
            if (HasRp(_waiting[count++])) rp++;
        }

        QueuedSample[] dequeued = [.. mode.InMergeOrder(_waiting.Take(count), q => q.Lane)];
        _waiting.RemoveRange(0, count);
        _waitingRp -= rp;
        return dequeued;
    }

    private static bool HasRp(QueuedSample queued) => !queued.Sample.Gradients.IsEmpty;
}
