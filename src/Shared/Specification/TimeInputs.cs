namespace LoptCluster.Shared.Specification;

/// <summary>What the time inputs of an MLP count.</summary>
public enum TimeInputs
{
    /// <summary>Inner-steps, as in the paper. θ knows no time beyond the longest training that it has seen.</summary>
    Steps,

    /// <summary>The share of the horizon that is over, as a training of 1,000 inner-steps would count it.</summary>
    Horizon,

    /// <summary>Nothing: they are zero (an ablation of §4.5).</summary>
    None,
}
