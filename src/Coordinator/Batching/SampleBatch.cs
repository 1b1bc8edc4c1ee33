using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Batching;

/// <summary>Samples on their way to the next outer-update.</summary>
/// <remarks>
/// Asynchronous mode: any S, in order of arrival. Synchronous mode: one of each lane, merged in lane order, so that the order of arrival does not matter.
/// Owned by the run loop; not thread-safe.
/// <para>
/// Where only a share of the samples computes g_rp (asynchronous mode; in synchronous mode exactly so many lanes do), a batch waits until
/// <see cref="RunSpecification.LeastRpSamples"/> have it, and what comes meanwhile is merged too. When a batch ends then depends on the draws alone, never on a value: no bias of
/// the estimators. What remains is one of time, as with short truncations before: a sample without g_rp is done sooner, so those with it were begun at a somewhat older θ.
/// </para>
/// </remarks>
internal sealed class SampleBatch(RunSpecification specification)
{
    private readonly List<QueuedSample> _waiting = [];
    private readonly int _leastRp = specification is { RpShare: RpSharePolicy.Adaptive, Mode: RunMode.Asynchronous } ? RunSpecification.LeastRpSamples : 0;
    private int _waitingRp;

    public int Waiting => _waiting.Count;

    public bool IsFull => _waiting.Count >= specification.BatchSamples && _waitingRp >= _leastRp;

    public void Add(QueuedSample sample)
    {
        _waiting.Add(sample);
        if (sample.Sample.RpComputed) _waitingRp++;
    }

    /// <summary>Takes the samples of one update.</summary>
    public IReadOnlyList<QueuedSample> Take()
    {
        int count = 0, rp = 0;
        while (count < _waiting.Count && (count < specification.BatchSamples || rp < _leastRp))
        {
            if (_waiting[count++].Sample.RpComputed) rp++;
        }

        IEnumerable<QueuedSample> taken = _waiting.Take(count);
        if (specification.Mode == RunMode.Synchronous) taken = taken.OrderBy(x => x.Lane);
        QueuedSample[] samples = [.. taken];
        _waiting.RemoveRange(0, count);
        _waitingRp -= rp;
        return samples;
    }
}
