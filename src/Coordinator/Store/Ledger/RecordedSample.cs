using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Store.Ledger;

/// <summary>A sample as a run's file has it.</summary>
/// <param name="Sample">The sample; its gradients have their outcomes and times, and no values.</param>
/// <param name="Counted">False: it was dropped as stale.</param>
/// <param name="MergedUpdate">The update that it went into; null: none yet.</param>
/// <param name="Place">Its place in the batch of that update; null: it waits.</param>
/// <param name="Worker">Who sent it.</param>
/// <param name="Received">When it arrived.</param>
internal sealed record RecordedSample(
    GradientSample Sample, bool Counted, long? MergedUpdate, int? Place, string Worker, DateTimeOffset Received);

/// <summary>The samples of one outer-update.</summary>
/// <param name="OuterUpdate">Version of the θ that the update made.</param>
/// <param name="Samples">In order of arrival.</param>
internal sealed record RecordedBatch(long OuterUpdate, IReadOnlyList<RecordedSample> Samples);
