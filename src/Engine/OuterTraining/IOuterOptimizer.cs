namespace LoptCluster.Engine.OuterTraining;

/// <summary>A rule that moves θ against its gradient: constants of the run, and a pure step on a state.</summary>
/// <remarks>Its tests inherit <c>OuterOptimizerContract</c>.</remarks>
public interface IOuterOptimizer
{
    /// <summary>Vectors of |θ| elements in the state: 0 of SGD, 1 of momentum, 2 of Adam.</summary>
    int StateVectors { get; }

    /// <summary>A pure step: new θ and new state; the inputs are not touched.</summary>
    /// <param name="theta">θ, |θ| elements.</param>
    /// <param name="gradient">Of the outer-loss, clipped: |θ| finite elements.</param>
    /// <param name="learningRate">Learning rate of this step.</param>
    /// <param name="state">The state that the step before returned.</param>
    (float[] Theta, OuterOptimizerState State) Step(
        ReadOnlySpan<float> theta, ReadOnlySpan<double> gradient, double learningRate, OuterOptimizerState state);
}
