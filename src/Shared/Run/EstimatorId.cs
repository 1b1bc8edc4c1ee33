namespace LoptCluster.Shared.Run;

/// <summary>Identity of a gradient estimator, by the name that figures, files and the wire give it.</summary>
public readonly record struct EstimatorId(string Name)
{
    /// <summary>g_rp, the reparameterization gradient: through the unroll.</summary>
    public static EstimatorId Rp { get; } = new("rp");

    /// <summary>g_es, evolution strategies: from the losses of an antithetic pair.</summary>
    public static EstimatorId Es { get; } = new("es");

    public override string ToString() => Name;
}
