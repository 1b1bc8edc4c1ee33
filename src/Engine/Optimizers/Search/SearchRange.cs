namespace LoptCluster.Engine.Optimizers.Search;

/// <summary>
/// Range of a hyper-parameter in a random search: uniform in θ, so where θ = ln x in the logarithm of x, and where θ = ln(1 − x) in that of
/// 1 − x.
/// </summary>
/// <param name="Name">Name of the hyper-parameter.</param>
/// <param name="Lowest">One end, in the hyper-parameter's own unit.</param>
/// <param name="Highest">The other end.</param>
/// <param name="Logarithmic">Uniform in the logarithm of x although θ = x.</param>
public sealed record SearchRange(string Name, double Lowest, double Highest, bool Logarithmic = false);
