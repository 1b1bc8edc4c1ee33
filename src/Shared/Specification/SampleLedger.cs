namespace LoptCluster.Shared.Specification;

/// <summary>What a run keeps of the samples that were merged.</summary>
/// <remarks>It has no effect on θ: a replay needs the gradients of samples, or computes them again.</remarks>
public enum SampleLedger
{
    /// <summary>Identity, version of θ, steps, losses, times, worker, update and place in its batch.</summary>
    Identities,

    /// <summary>Its measured gradients too.</summary>
    Full,
}
