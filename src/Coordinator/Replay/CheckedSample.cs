using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Replay;

/// <summary>A sample of a run beside the same sample, computed again.</summary>
/// <param name="Recorded">As the run has it; its gradients have values where the ledger keeps them.</param>
/// <param name="Computed">As it was computed here.</param>
/// <param name="Difference">What is different, as a clause; null: all that can be compared has the same bits.</param>
/// <param name="Counted">False: the run dropped it as stale.</param>
/// <param name="MergedUpdate">The outer-update that it went into; null: none yet.</param>
public sealed record CheckedSample(GradientSample Recorded, GradientSample Computed, string? Difference, bool Counted, long? MergedUpdate)
{
    /// <summary>The worker that sent it.</summary>
    public required string Worker { get; init; }

    /// <summary>When it arrived at the coordinator.</summary>
    public required DateTimeOffset Received { get; init; }

    /// <summary>Its place in the batch; null: not merged.</summary>
    public int? Place { get; init; }

    /// <summary>The gradients that could be compared value by value.</summary>
    public IEnumerable<EstimatorId> ComparedGradients => Recorded.Gradients.Where(g => !g.Values.IsEmpty).Select(g => g.Estimator);
}
