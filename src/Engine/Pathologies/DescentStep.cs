namespace LoptCluster.Engine.Pathologies;

/// <summary>One truncation of a <see cref="TruncatedDescent"/>, and the hyper-parameter that it was measured at.</summary>
/// <param name="Problem">Inner-training, counted from 0.</param>
/// <param name="StartStep">t0: inner-step that the truncation starts from.</param>
/// <param name="Steps">k: inner-steps of the truncation.</param>
/// <param name="Loss">Mean outer-loss of the truncation, in nats.</param>
/// <param name="Value">Hyper-parameter before the outer-update, in its own unit.</param>
/// <param name="Gradient">Derivative of the loss by θ, which holds the hyper-parameter by its transform; NaN if it overflowed.</param>
public readonly record struct DescentStep(int Problem, int StartStep, int Steps, double Loss, double Value, double Gradient);
