namespace LoptCluster.Engine.Evaluation;

/// <summary>Measured processor time of one inner-step. It depends on the machine; nothing else in a comparison does.</summary>
/// <param name="GradientSeconds">Minibatch, loss and gradient.</param>
/// <param name="UpdateSeconds">The optimizer's update of w.</param>
public readonly record struct StepTime(double GradientSeconds, double UpdateSeconds)
{
    /// <summary>The whole inner-step: gradient and update.</summary>
    public double InnerStepSeconds => GradientSeconds + UpdateSeconds;
}
