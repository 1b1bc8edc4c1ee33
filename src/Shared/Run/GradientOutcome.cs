namespace LoptCluster.Shared.Run;

/// <summary>Result of measuring a gradient. An exploding gradient is expected, so it is a value and no error.</summary>
public enum GradientOutcome
{
    /// <summary>Every element is finite.</summary>
    Finite,

    /// <summary>At least one element is NaN or infinite; the values are not kept.</summary>
    NotFinite,
}
