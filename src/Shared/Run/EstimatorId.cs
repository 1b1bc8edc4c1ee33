namespace LoptCluster.Shared.Run;

/// <summary>Identity of a gradient estimator, by the name that figures, files and the wire give it.</summary>
public readonly record struct EstimatorId(string Name)
{
    /// <summary>g_rp, the reparameterization gradient: through the unroll.</summary>
    public static EstimatorId Rp { get; } = new("rp");

    /// <summary>g_es, evolution strategies: from the losses of an antithetic pair.</summary>
    public static EstimatorId Es { get; } = new("es");

    /// <summary>The gradient of one unperturbed unroll: truncated backpropagation.</summary>
    public static EstimatorId Backprop { get; } = new("backprop");

    /// <summary>g_pes, persistent evolution strategies (Vicol et al. 2021).</summary>
    public static EstimatorId Pes { get; } = new("pes");

    /// <summary>g_nres, noise-reuse evolution strategies (Li et al. 2023; ES-Single, Vicol et al. 2023).</summary>
    public static EstimatorId Nres { get; } = new("nres");

    /// <summary>Name in capitals, as people write it: ES, PES.</summary>
    public string ShortName => Name.ToUpperInvariant();

    public override string ToString() => Name;
}
