namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>
/// One sample as libtorch finds it; gradients of |θ| elements, g_rp empty where it was left out; W in the net's own order.
/// </summary>
internal sealed record TorchResult(double PositiveLoss, double NegativeLoss, float[] GradientRp, float[] GradientEs, float[] EndW);
