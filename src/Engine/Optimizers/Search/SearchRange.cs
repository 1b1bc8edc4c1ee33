namespace LoptCluster.Engine.Optimizers.Search;

/// <summary>Range of a hyper-parameter in a random search: uniform in θ, so uniform in the logarithm of x, or in that of 1 − x.</summary>
/// <param name="Name">Name of the hyper-parameter.</param>
/// <param name="Lowest">One end, in the hyper-parameter's own unit.</param>
/// <param name="Highest">The other end.</param>
public sealed record SearchRange(string Name, double Lowest, double Highest);
