namespace LoptCluster.Engine.Estimation;

/// <summary>One estimator's part in a merged gradient.</summary>
/// <param name="Statistics">Mean and variance over the batch.</param>
/// <param name="Weight">Weight of the mean in each element of the merged gradient, 0 to 1; |θ| elements.</param>
public sealed record MergedEstimator(EstimatorStatistics Statistics, double[] Weight);
