namespace LoptCluster.Coordinator.ThetaServing;

/// <summary>A version of θ was asked for that the run does not have.</summary>
internal sealed class ThetaNotFoundException(string message) : Exception(message);
