using System.Text.Json.Serialization;

namespace LoptCluster.Shared.Specification;

/// <summary>Gradient estimator that updates θ: the paper's (§3, and the ablations of §4.5) and its successors.</summary>
public enum Estimator
{
    /// <summary>g_rp and g_es, merged by inverse variance (eq. 1).</summary>
    Merged,

    /// <summary>The reparameterization gradient alone.</summary>
    Rp,

    /// <summary>Evolution strategies alone: the losses of a pair, no gradient of the unroll.</summary>
    Es,

    /// <summary>Truncated backpropagation without a perturbation: half the cost of a pair, biased by the truncation.</summary>
    Backprop,

    /// <summary>Persistent evolution strategies (Vicol et al. 2021): no truncation bias.</summary>
    Pes,

    /// <summary>Noise-reuse evolution strategies (Li et al. 2023): one perturbation for all truncations of a problem.</summary>
    Nres,

    /// <summary>g_rp of persistent particles and g_pes, merged by inverse variance.</summary>
    [JsonStringEnumMemberName("merged-pes")]
    MergedPes,

    /// <summary>g_rp of persistent particles and g_nres, merged by inverse variance.</summary>
    [JsonStringEnumMemberName("merged-nres")]
    MergedNres,
}
