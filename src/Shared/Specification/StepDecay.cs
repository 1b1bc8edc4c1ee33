namespace LoptCluster.Shared.Specification;

/// <summary>How the steps of an MLP shrink over the horizon.</summary>
public enum StepDecay
{
    /// <summary>Not at all, as in the paper: θ alone decides.</summary>
    None,

    /// <summary>λ_lin is multiplied by 1 − t/T, and by 0 from T on.</summary>
    Linear,
}
