namespace LoptCluster.Engine.Optimizers.Search;

/// <summary>A configuration that a random search has evaluated.</summary>
/// <param name="Number">Its number in the search.</param>
/// <param name="Loss">Mean loss over the outer-train tasks, nats.</param>
/// <param name="Theta">The configuration as θ.</param>
public sealed record SearchTrial(long Number, double Loss, float[] Theta);
